export type Family = 4 | 6

/** Which addresses a route uses (O7). `both` takes turns, IPv6 first; `v4_first` tries a host's IPv4 addresses first. */
export type RouteFamily = 'v4' | 'v6' | 'both' | 'v4_first'

/** At most as many addresses are tried in one attempt (O8). */
export const MAX_ADDRESSES = 5

interface HasFamily {
  readonly family: Family
}

/** The addresses of one host in the order of the route, each family in the order of the resolver (RFC 5321 §5.1). */
export function inTurn<T extends HasFamily>(addresses: readonly T[], route: RouteFamily): readonly T[] {
  const v4 = addresses.filter(({ family }) => family === 4)
  const v6 = addresses.filter(({ family }) => family === 6)
  switch (route) {
    case 'v4':
      return v4
    case 'v6':
      return v6
    case 'v4_first':
      return [...v4, ...v6]
    case 'both':
      return Array.from({ length: Math.max(v4.length, v6.length) }, (_, index) => [v6[index], v4[index]])
        .flat()
        .filter((each) => each !== undefined)
  }
}

/**
 * The first `max` addresses. When they are all of one family and there are others, the last place goes to the first of those, so that
 * a family without a route does not use up the whole plan.
 */
export function takeFairly<T extends HasFamily>(addresses: readonly T[], max: number): readonly T[] {
  const taken = addresses.slice(0, max)
  const other = addresses.find(({ family }) => family !== taken[0]?.family)
  if (other === undefined || taken.includes(other)) return taken
  return [...taken.slice(0, max - 1), other]
}
