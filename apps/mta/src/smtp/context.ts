import type { Ownership } from '@mairust/intake'
import type { Directory } from '@mairust/mail-core/inbound'
import type { ReverseLookup } from '../dns.ts'
import type { Log } from '@mairust/log'
import type { Metrics } from '../metrics.ts'
import type { Accept } from './accept.ts'
import type { LoginResult, LoginUser } from './client.ts'
import type { MemoryBudget } from './memory-budget.ts'
import type { UnknownThrottle } from './unknown-throttle.ts'

/** Settings of the stages; read anew for each use, since a reload changes them. */
export interface SmtpSettings {
  readonly hostname: string
  /** Bytes. */
  readonly maxSize: number
  readonly maxRecipients: number
  readonly exempt: readonly string[]
}

/** Where a login comes from, for the lock-out and the log. */
export interface LoginFrom {
  readonly address: string
  readonly requestId: string
}

/** What the stages of a session work with. */
export interface SmtpContext {
  readonly settings: () => SmtpSettings
  readonly directory: Directory
  readonly accept: Accept
  readonly reverseLookup: ReverseLookup
  readonly throttle: UnknownThrottle
  /** Checks a password and logs when it is wrong; never tells the client which of name and password was. */
  readonly login: (email: string, password: string, from: LoginFrom) => Promise<LoginResult>
  /** Whether the user still exists and is not suspended; a session may outlive that. */
  readonly isActive: (user: LoginUser) => Promise<boolean>
  /** Whether the user may send as this address. */
  readonly owns: Ownership
  /** Whether the volumes of the blobs and of the database can take a message of `size` bytes. */
  readonly hasSpace: (size: number) => Promise<boolean>
  /** Where large messages wait for their end. */
  readonly spoolFolder: string
  /** Memory in which the others wait. */
  readonly spoolMemory: MemoryBudget
  readonly newId: (prefix: 'jrn' | 'msg') => string
  /** Waits before a failed login is answered. */
  readonly tarpit: () => Promise<void>
  readonly now: () => number
  readonly metrics: Metrics
  readonly log: Log
}
