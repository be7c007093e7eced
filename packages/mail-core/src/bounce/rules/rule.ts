import type { ProviderId } from '../../outbound/providers.ts'
import type { BounceClass, BounceScope } from '../classes.ts'

/** Where in the session a reply came. `end` is the one after the final dot. */
export type ReplyStage = 'banner' | 'hello' | 'tls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'end'

/** A rule of the bounce table. All that it names must hold; the first rule that holds decides. */
export interface BounceRule {
  readonly class: BounceClass
  readonly providers?: readonly ProviderId[]
  /** Beginnings of the reply code: `4`, `55`, `421`. */
  readonly codes?: readonly string[]
  /** Enhanced codes without their class, with `#` for any digit: `7.26`, `7.6##`. */
  readonly status?: readonly string[]
  readonly stages?: readonly ReplyStage[]
  /**
   * Phrases in lower case, for the linear-time engine, one of which the text must contain. `a & b`: both, anywhere. Addresses in the
   * text are `<>` here.
   */
  readonly text?: readonly string[]
  /** Whom it is about, when not what the class usually is about. */
  readonly scope?: BounceScope
  /** Whether only our IPv6 address is refused, so that IPv4 may do (O7). */
  readonly ipv6Only?: true
}
