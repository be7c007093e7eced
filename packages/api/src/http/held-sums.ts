import { tenantOf } from './read-turns.ts'

/** What a caller, all callers of the tenant, and all callers hold. */
export interface Sums {
  user: number
  tenant: number
  all: number
}

/** Running sums of what callers hold. Callers have the names that `callerName` gives. */
export interface HeldSums {
  add: (caller: string, amount: number) => void
  /** What they would hold with so much more. */
  with: (caller: string, more: number) => Sums
}

/** Makes sums of nothing. */
export const createHeldSums = (): HeldSums => {
  const users = new Map<string, number>()
  const tenants = new Map<string, number>()
  let all = 0
  return {
    add: (caller, amount) => {
      addTo(users, caller, amount)
      addTo(tenants, tenantOf(caller), amount)
      all += amount
    },
    with: (caller, more) => ({
      user: (users.get(caller) ?? 0) + more,
      tenant: (tenants.get(tenantOf(caller)) ?? 0) + more,
      all: all + more,
    }),
  }
}

const addTo = (sums: Map<string, number>, name: string, amount: number): void => {
  const sum = (sums.get(name) ?? 0) + amount
  if (sum === 0) sums.delete(name)
  else sums.set(name, sum)
}

/** Whether no sum is larger than its limit. */
export const areWithin = (sums: Sums, limits: Sums): boolean =>
  sums.user <= limits.user && sums.tenant <= limits.tenant && sums.all <= limits.all
