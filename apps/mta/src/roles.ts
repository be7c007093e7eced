import type { Config, KeyPair, Role } from '@mairust/config'
import type { Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import type { RootLog } from '@mairust/log'
import type { Identity } from './identity.ts'
import type { Metrics, Samples } from './metrics.ts'

/** What every part of a process works on. */
export interface Server {
  /** The configuration as it stands; a reload changes what it gives. */
  readonly config: () => Config
  readonly keyPair: () => KeyPair
  readonly masterKey: Buffer
  readonly database: Database
  readonly blobs: BlobStore
  readonly identity: Identity
  readonly metrics: Metrics
  readonly log: RootLog
  /** Aborted when the process is told to end, or when another part cannot start. */
  readonly ending: AbortSignal
}

/** What readiness asks, by name; a check that rejects is not ready. */
export type Checks = Readonly<Record<string, () => Promise<void> | void>>

/** Where a part listens, for the lines of a start. */
export interface Address {
  readonly label: 'web' | 'smtp' | 'submission' | 'submissions'
  readonly host: string
  readonly port: number
}

/** A part that runs. */
export interface RunningPart {
  readonly addresses: readonly Address[]
  readonly checks: Checks
  /** What a registry of its own holds, where it has one. */
  metrics?(): Promise<Samples>
  /** Takes over what a reload has changed in `Server.config()` and `Server.keyPair()`, where it does not ask for it each time. */
  reload?(): void
  /** Lets what is under way end within a time, and closes. */
  stop(withinMs: number): Promise<void>
}

/** What a process runs for some of its roles. */
export interface Part {
  readonly name: string
  /** It runs where one of these is played. */
  readonly roles: readonly Role[]
  /** Resolves when it serves. Leaves nothing open when it fails. @throws PortError */
  start(server: Server): Promise<RunningPart>
}

/** Whether this process has a part to play; an empty list means all of them. */
export function hasRole({ roles }: Pick<Config, 'roles'>, role: Role): boolean {
  return roles.length === 0 || roles.includes(role)
}
