import { type TenantScope, tenantScope } from '@mairust/db/queries/scope'
import type { Config } from '@mairust/config'
import type { Changes, Db } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import type { Actor } from './access/index.ts'
import type { Keys } from './auth/keys.ts'
import type { Passwords } from './auth/password.ts'
import type { KeyedQueue } from './auth/keyed-queue.ts'
import type { Log } from '@mairust/log'
import type { Renderer } from './render/renderer.ts'

/** Finds the TXT records of a name; several strings of one record are joined. Empty when there are none. */
export type ResolveTxt = (name: string) => Promise<string[]>

/** What every request of a process shares. */
export interface Runtime {
  readonly config: Config
  readonly db: Db
  readonly blobs: BlobStore
  readonly changes: Changes
  readonly keys: Keys
  readonly passwords: Passwords
  /** One login at a time for each account, so that parallel guesses cannot overtake the count. */
  readonly loginQueue: KeyedQueue
  /** Its workers start with the first message that is opened; `close` it with the process's other resources. */
  readonly renderer: Renderer
  readonly resolveTxt: ResolveTxt
  /** Bytes left for mail and database; null when the system cannot tell. */
  readonly freeBytes: () => Promise<number | null>
  readonly log: Log
  readonly now: () => Date
  /** Called once for each wrong password or unknown key, for the metrics. */
  readonly onAuthFailure: () => void
}

/**
 * Looks at a change in its transaction; what it throws undoes the change.
 * @param change what is changed: its id (null for what is one in a tenant), and its wire form before, when it was there
 */
export type ChangeWitness = (
  tx: Db,
  change: { targetId: string | null; before?: Record<string, unknown> | null },
) => void | Promise<void>

/** What a verb is given of whom nothing is known but where they are. */
export interface PublicContext extends Runtime {
  readonly requestId: string
  readonly ip: string
  readonly userAgent: string
}

/** What a service verb is given beside its input. */
export interface ServiceContext extends Runtime {
  readonly actor: Actor
  readonly requestId: string
  /** Address of the client; `local` for the command line and jobs. */
  readonly ip: string
  /** Looks at every change that is audited. */
  readonly witness?: ChangeWitness | undefined
}

/** The tenant a query is about; the first argument of every query after the handle. */
export const scopeOf = ({ actor }: Pick<ServiceContext, 'actor'>): TenantScope => tenantScope(actor.tenantId)
