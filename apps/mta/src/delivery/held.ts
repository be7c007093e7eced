import type { Db } from '@mairust/db'
import type { ClaimedDelivery } from '@mairust/db/queries/delivery-claim'
import { renewLeases } from '@mairust/db/queries/delivery-lease'

/** How long a claim lasts without being renewed: as long nobody tries what a dead process was at. */
export const LEASE_MS = 45_000
const RENEW_MS = 15_000

/** The claims of this process, whose leases it renews. */
export class HeldClaims {
  readonly #held = new Set<ClaimedDelivery>()
  readonly #timer: NodeJS.Timeout
  #renewing: Promise<void> | null = null

  constructor(db: Db, { now, onTrouble }: { now: () => number; onTrouble: (error: unknown) => void }) {
    this.#timer = setInterval(() => {
      if (this.#held.size === 0 || this.#renewing !== null) return
      const rows = [...this.#held].map(({ delivery }) => delivery)
      this.#renewing = renewLeases(db, rows, new Date(now() + LEASE_MS))
        .catch(onTrouble)
        .finally(() => (this.#renewing = null))
    }, RENEW_MS)
    this.#timer.unref()
  }

  get size(): number {
    return this.#held.size
  }

  add(claims: readonly ClaimedDelivery[]): void {
    for (const claim of claims) this.#held.add(claim)
  }

  drop(claims: readonly ClaimedDelivery[]): void {
    for (const claim of claims) this.#held.delete(claim)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewing
  }
}
