import type { Db } from '@mairust/db'
import type { ClaimedDelivery } from '@mairust/db/queries/delivery-claim'
import { renewLeases } from '@mairust/db/queries/delivery-lease'

/** How long a claim lasts without being renewed: as long nobody tries what a dead process was at. */
export const LEASE_MS = 45_000
const RENEW_MS = 15_000

/** The claims of this process, whose leases it renews. */
export class HeldClaims {
  readonly #db: Db
  readonly #now: () => number
  readonly #held = new Set<ClaimedDelivery>()
  readonly #timer: NodeJS.Timeout
  #renewedAt: number
  #renewing: Promise<void> | null = null

  constructor(db: Db, { now, onTrouble }: { now: () => number; onTrouble: (error: unknown) => void }) {
    this.#db = db
    this.#now = now
    this.#renewedAt = now()
    this.#timer = setInterval(() => void this.renew().catch(onTrouble), RENEW_MS)
    this.#timer.unref()
  }

  add(claims: readonly ClaimedDelivery[]): void {
    for (const claim of claims) this.#held.add(claim)
  }

  drop(claims: readonly ClaimedDelivery[]): void {
    for (const claim of claims) this.#held.delete(claim)
  }

  /**
   * Renews the leases, if it is time: also before lapsed ones are looked for, as this machine may have slept, or its clock been set.
   * @throws whatever the database throws
   */
  async renew(): Promise<void> {
    if (this.#renewing !== null) return this.#renewing
    const now = this.#now()
    if (Math.abs(now - this.#renewedAt) < RENEW_MS / 2) return
    const rows = [...this.#held].map(({ delivery }) => delivery)
    this.#renewing = renewLeases(this.#db, rows, new Date(now + LEASE_MS))
      .then(() => {
        this.#renewedAt = now
      })
      .finally(() => (this.#renewing = null))
    await this.#renewing
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewing?.catch(() => undefined)
  }
}
