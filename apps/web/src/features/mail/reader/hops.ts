export type Hop = {
  from: string | null
  by: string | null
  with: string | null
  at: Date | null
  /** Seconds since the previous hop; null if a time is missing. */
  delay: number | null
}

/** The longest name of a host (RFC 1035 §2.3.4); more of a value is left out. */
const LONGEST_NAME = 255

/** The value of a clause of a Received field, such as `by host` (RFC 5321 §4.4). */
function clause(value: string, name: string): string | null {
  const match = new RegExp(`(?:^|\\s)${name}\\s+(\\S+)`, 'i').exec(value)
  const found = match?.[1]?.replace(/;$/, '') ?? null
  return found !== null && found.length > LONGEST_NAME ? `${found.slice(0, LONGEST_NAME)}…` : found
}

function withoutComments(value: string): string {
  let depth = 0
  let result = ''
  for (const character of value) {
    if (character === '(') depth += 1
    else if (character === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) result += character
  }
  return result
}

function parseHop(value: string): Omit<Hop, 'delay'> {
  const semicolon = value.lastIndexOf(';')
  const path = withoutComments(semicolon < 0 ? value : value.slice(0, semicolon))
  const at = semicolon < 0 ? Number.NaN : Date.parse(withoutComments(value.slice(semicolon + 1)).trim())
  return {
    from: clause(path, 'from'),
    by: clause(path, 'by'),
    with: clause(path, 'with'),
    at: Number.isNaN(at) ? null : new Date(at),
  }
}

/** The hops of a message, oldest first, from its Received fields, of which the newest is on top. */
export function hopsOf(headers: readonly { name: string; value: string }[]): Hop[] {
  const hops = headers
    .filter(({ name }) => name.toLowerCase() === 'received')
    .map(({ value }) => parseHop(value))
    .reverse()
  return hops.map((hop, index) => {
    const before = hops[index - 1]?.at ?? null
    return {
      ...hop,
      delay: before === null || hop.at === null ? null : Math.max(0, (hop.at.getTime() - before.getTime()) / 1000),
    }
  })
}
