import type { Ownership } from '@mairust/intake'
import type { Directory } from '@mairust/mail-core/inbound'
import type { ReverseLookup } from '../dns.ts'
import type { Log } from '@mairust/log'
import type { Metrics } from '../metrics.ts'
import type { Accept } from './accept.ts'
import type { Credentials, LoginResult, LoginUser } from './client.ts'
import type { MemoryBudget } from './memory-budget.ts'
import type { FindReturnTarget } from './return-target.ts'
import type { SpoolSpace } from './spool-space.ts'
import type { UnknownThrottle } from './unknown-throttle.ts'

/** The stages' settings; read on each use, since a reload changes them. */
export interface SmtpSettings {
  readonly hostname: string
  /** Bytes. */
  readonly maxSize: number
  readonly maxRecipients: number
  readonly exempt: readonly string[]
}

/** Where a login comes from, for the lockout and the log. */
export interface LoginFrom {
  readonly address: string
  readonly requestId: string
}

/** What the stages depend on. */
export interface SmtpContext {
  readonly settings: () => SmtpSettings
  readonly directory: Directory
  readonly findReturnTarget: FindReturnTarget
  readonly accept: Accept
  readonly reverseLookup: ReverseLookup
  readonly throttle: UnknownThrottle
  /** Checks a password and logs failures; never tells the client whether the name or the password was wrong. */
  readonly login: (credentials: Credentials, from: LoginFrom) => Promise<LoginResult>
  /** Whether the login still holds: the user exists, is not suspended, and nothing has ended their logins meanwhile. */
  readonly isLoggedIn: (user: LoginUser) => Promise<boolean>
  /** Whether the user may send as this address. */
  readonly owns: Ownership
  /** The room on the volumes of blobs and database. */
  readonly spoolSpace: SpoolSpace
  /** Holds large unfinished messages. */
  readonly spoolFolder: string
  /** Memory for the small ones. */
  readonly spoolMemory: MemoryBudget
  readonly newId: (prefix: 'jrn' | 'msg') => string
  /** Delays the reply to a failed login. */
  readonly tarpit: () => Promise<void>
  readonly now: () => number
  readonly metrics: Metrics
  readonly log: Log
}
