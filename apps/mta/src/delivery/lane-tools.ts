import type { Db } from '@mairust/db'
import type { PausedMail } from '@mairust/db/queries/delivery-claim'
import type { StsPolicy } from '@mairust/mail-core/outbound'
import type { Batches } from './claims.ts'
import type { HeldClaims } from './held.ts'
import type { RetryTerms } from './outcomes.ts'
import type { Destination, Way } from './resolve-mx.ts'
import type { DomainRoute } from './route.ts'
import type { Settler } from './settler.ts'
import type { Start } from './site-gate.ts'
import type { Sites } from './sites.ts'
import type { Slots } from './slots.ts'

/** What is not sent now; `all`: nothing is. */
export type Paused = 'all' | { readonly mail: PausedMail; readonly sites: ReadonlySet<string> }

/** An attempt to be made. */
export interface Departure {
  readonly batches: Batches
  readonly destination: Destination
  readonly route: DomainRoute
  readonly start: Start
}

/** What lanes need. */
export interface LaneTools {
  readonly db: Db
  readonly sites: Sites
  readonly slots: Slots
  readonly held: HeldClaims
  readonly settler: Settler
  /** The way to a domain by one of its routes, which is looked up for `owner`: owners take turns with DNS. Never rejects. */
  readonly wayTo: (domain: string, route: DomainRoute, owner: string) => Promise<Way>
  /** The route of mail to a domain that was never tried. */
  readonly firstRoute: (domain: string) => DomainRoute
  readonly stsOf: (domain: string, owner: string) => Promise<StsPolicy | null>
  /** Makes an attempt in the background, which ends its start. */
  readonly depart: (departure: Departure) => void
  readonly paused: () => Paused
  /** Most deliveries to claim at a time: many lanes hold no more than one. */
  readonly claimLimit: () => number
  readonly terms: () => RetryTerms
  readonly isEnding: () => boolean
}

/**
 * Until when there is nothing to do, milliseconds since the epoch, unless the site changes; null: until something comes or is due.
 */
export type LaneEnd = { readonly until: number; readonly site: string } | null
