import type { RecipientResult, SiteSignal } from '@mairust/mail-core/outbound'
import type { Sources } from './connect.ts'
import type { OutgoingMessage } from './message.ts'
import type { Destination } from './resolve-mx.ts'
import type { AttemptTls } from './tls-demand.ts'
import type { TlsReport } from './tls-report.ts'
import type { Login } from './transmit.ts'

/** One attempt: a message for recipients that share a destination, a policy and a transaction (O17). */
export interface AttemptRequest {
  readonly destination: Destination
  readonly message: OutgoingMessage
  readonly tls: AttemptTls
  readonly login: Login | null
  readonly sources: Sources
  /** Connections that the site may have at once. */
  readonly limit: number
  /** Is told at once who has the message, as the others may take minutes: a crash must not have it sent again (O38). */
  readonly onDelivered?: ((ids: readonly RecipientEnd[]) => void) | undefined
}

/** What became of one recipient, with the try that decided; null: no host was tried. */
export interface RecipientEnd {
  readonly id: string
  readonly result: RecipientResult
  readonly by: TryReport | null
}

/** What happened at one address. */
export interface TryReport {
  readonly host: string
  readonly address: string
  /** Whether an earlier connection was used. */
  readonly reused: boolean
  readonly startedAt: number
  readonly ms: number
  /** Null: it did not come to that. */
  readonly tls: TlsReport | null
  /** Whether STARTTLS failed, so that the mail went, or would have gone, in clear text: remembered for the site (O21). */
  readonly handshakeFailed: boolean
  /** For `afterSession`. */
  readonly signals: readonly SiteSignal[]
  /** Whether the host passes on what was asked for in NOTIFY, RET and ENVID (O45). */
  readonly dsn: boolean
  /** What was said, bounded and safe to show. */
  readonly conversation: readonly string[]
}

export interface AttemptReport {
  /** One for each recipient. */
  readonly recipients: readonly RecipientEnd[]
  readonly tries: readonly TryReport[]
  /** For `afterPlan`. */
  readonly exhausted: boolean
}
