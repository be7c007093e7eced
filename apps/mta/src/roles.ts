import type { Config, KeyPair, Role } from '@mairust/config'
import type { Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import type { RootLog } from '@mairust/log'
import type { Identity } from './identity.ts'
import type { Metrics, Samples } from './metrics.ts'

/** What the parts of a process share. */
export interface Server {
  /** The current configuration; a reload changes it. */
  readonly config: () => Config
  readonly keyPair: () => KeyPair
  readonly masterKey: Buffer
  readonly database: Database
  readonly blobs: BlobStore
  readonly identity: Identity
  readonly metrics: Metrics
  readonly log: RootLog
  /** Aborted on shutdown, or when another part cannot start. */
  readonly ending: AbortSignal
}

/** Readiness checks by name; one that throws or rejects is not ready. */
export type Checks = Readonly<Record<string, () => Promise<void> | void>>

/** Where a part listens, for the startup lines. */
export interface Address {
  readonly label: 'web' | 'smtp' | 'submission' | 'submissions'
  readonly host: string
  readonly port: number
}

export interface RunningPart {
  readonly addresses: readonly Address[]
  readonly checks: Checks
  /** The metrics of the part's own registry, if it has one. */
  metrics?(): Promise<Samples>
  /** Applies a reload, for what the part does not read from `Server.config()` and `Server.keyPair()` on each use. */
  reload?(): void
  /** Drains for up to `withinMs`, then closes. */
  stop(withinMs: number): Promise<void>
}

/** A component that serves one or more roles. */
export interface Part {
  readonly name: string
  /** It runs when the process has one of these. */
  readonly roles: readonly Role[]
  /** Resolves once it serves; leaves nothing open on failure. @throws PortError */
  start(server: Server): Promise<RunningPart>
}

/** Whether this process has a role; an empty list means all. */
export function hasRole({ roles }: Pick<Config, 'roles'>, role: Role): boolean {
  return roles.length === 0 || roles.includes(role)
}
