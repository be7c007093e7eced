import type { Caller } from './caller.ts'

/** What a caller, all callers of the tenant, and all callers hold. */
export interface Sums {
  user: number
  tenant: number
  all: number
}

/** Running sums of what callers hold. */
export interface HeldSums {
  add: (caller: Caller, amount: number) => void
  /** What they would hold with so much more. */
  with: (caller: Caller, more: number) => Sums
  /** What all hold. */
  all: () => number
}

/** Makes sums of nothing. */
export const createHeldSums = (): HeldSums => {
  const users = new Map<string, number>()
  const tenants = new Map<string | null, number>()
  let all = 0
  return {
    add: (caller, amount) => {
      addTo(users, caller.user, amount)
      addTo(tenants, caller.tenant, amount)
      all += amount
    },
    with: (caller, more) => ({
      user: (users.get(caller.user) ?? 0) + more,
      tenant: (tenants.get(caller.tenant) ?? 0) + more,
      all: all + more,
    }),
    all: () => all,
  }
}

const addTo = <Name>(sums: Map<Name, number>, name: Name, amount: number): void => {
  const sum = (sums.get(name) ?? 0) + amount
  if (sum === 0) sums.delete(name)
  else sums.set(name, sum)
}

/** Whether no sum is larger than its limit. */
export const areWithin = (sums: Sums, limits: Sums): boolean =>
  sums.user <= limits.user && sums.tenant <= limits.tenant && sums.all <= limits.all
