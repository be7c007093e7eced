/** Milliseconds since 1970: a site's state is stored as JSON. */
export type Time = number

/** What a site may be sent at once, and per minute. */
export interface SiteLimits {
  readonly concurrency: number
  /** Null: no limit. */
  readonly perMinute: number | null
}

/** The settings for a site. */
export interface SiteSettings {
  /** O29: a site that is not known yet starts low, with 2 to 5 connections. */
  readonly start: number
  readonly max: SiteLimits
}

/**
 * A limit that a remote's answers brought about, as it is shown (O32, O33). It holds until `until`; then what goes through brings the
 * site back level by level.
 */
export interface Throttle {
  /** `source`: our address that it concerns; null: all. */
  readonly scope: { readonly site: string; readonly source: string | null }
  readonly cause: 'rate' | 'block_list'
  /** Which rule of the bounce table, and the remote's words. */
  readonly rule: string
  readonly reply: string
  readonly since: Time
  readonly until: Time
  /** What it allows now; no connection at all: paused. */
  readonly limits: SiteLimits
  /** How often it was made stricter; 0 does not exist. */
  readonly level: number
  /** Deliveries since it last changed. */
  readonly successes: number
  /** When it was last made stricter: answers to what began before say nothing new. */
  readonly changed: Time
}

/** A site of which no host answers: it is deferred as a whole, and tried by one message a step (O29, O30). */
export interface DeadSite {
  readonly since: Time
  readonly until: Time
  readonly step: number
  readonly reply: string
  /** While a probe is under way, the time at which it is given up; null otherwise. */
  readonly probingUntil: Time | null
}

/** What is remembered of a site between attempts. */
export interface SiteState {
  readonly concurrency: number
  /** Deliveries since the concurrency last grew. */
  readonly successes: number
  /** Attempts in a row in which no host took part. */
  readonly failedPlans: number
  readonly dead: DeadSite | null
  readonly throttles: readonly Throttle[]
  /** The earliest next start while a rate is set. */
  readonly nextStart: Time
  /** Until when our IPv6 address is not used, because it was refused (O7). */
  readonly ipv4Until: Time | null
}

/** The state of a site that nobody has sent to yet. */
export function newSite({ start, max }: SiteSettings): SiteState {
  return {
    concurrency: Math.min(start, max.concurrency),
    successes: 0,
    failedPlans: 0,
    dead: null,
    throttles: [],
    nextStart: 0,
    ipv4Until: null,
  }
}
