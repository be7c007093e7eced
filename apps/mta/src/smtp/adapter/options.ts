import type { SecureContextOptions } from 'node:tls'
import type { Listener } from '@mairust/mail-core/smtp'
import type { Log } from '@mairust/log'
import type { Stages } from '../client.ts'
import type { Connections } from '../connections.ts'
import type { Notices } from '../notices.ts'

/** Options of one listener's server; values that may change at runtime are functions. */
export interface AdapterOptions {
  readonly listener: Listener
  readonly hostname: string
  readonly maxSize: () => number
  readonly tls: SecureContextOptions
  /** Networks that may speak the PROXY protocol, and that may use XCLIENT. */
  readonly proxies: () => readonly string[]
  readonly xclients: () => readonly string[]
  readonly stages: Stages
  readonly connections: Connections
  readonly notices: Notices
  readonly log: Log
  readonly now: () => number
  readonly isDraining: () => boolean
}
