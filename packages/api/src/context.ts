import { type TenantScope, tenantScope } from '@mairust/db/queries/scope'
import type { Config } from '@mairust/config'
import type { Changes, Db } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import type { Vault } from '@mairust/db/secrets'
import type { Resolver } from '@mairust/dns'
import type { MessageSigner } from '@mairust/intake'
import type { DraftComposer } from '@mairust/intake/drafts'
import type { QueueingTerms } from '@mairust/intake/transaction'
import type { Actor } from './access/index.ts'
import type { Keys } from './auth/keys.ts'
import type { Passwords } from './auth/password.ts'
import type { KeyedQueue } from './auth/keyed-queue.ts'
import type { Log, News } from '@mairust/log'
import type { KnownCallers } from './http/known-callers.ts'
import type { Renderer } from './render/renderer.ts'

/** What all requests of a process share. */
export interface Runtime {
  readonly config: Config
  readonly db: Db
  readonly blobs: BlobStore
  readonly changes: Changes
  readonly keys: Keys
  readonly passwords: Passwords
  /** Runs one login at a time for each account, so that parallel guesses cannot evade the count of failures. */
  readonly loginQueue: KeyedQueue
  /** Logins that are refused without a check, of which clients can make thousands, are logged once a minute. */
  readonly refusedLogins: News
  /** The same for requests that are to be tried again later. */
  readonly unavailable: News
  /** Told of every look-up of a credential. */
  readonly known: KnownCallers
  /** Its workers start with the first opened message; `close` it with the other resources of the process. */
  readonly renderer: Renderer
  /** Writes drafts and what is sent; its workers start with the first one. */
  readonly drafts: DraftComposer
  /** Signs what is sent for our domains. */
  readonly signer: MessageSigner
  /** On which terms mail is queued. */
  readonly queueing: (config: Config) => QueueingTerms
  /** Most bytes of a message: `smtp.max_message_size_mb`. */
  readonly maxMessageBytes: () => number
  /** Seals secrets for the database. */
  readonly vault: Vault
  /** Opens a resolver with a cache of its own: a check that somebody asks for must see what DNS says now. */
  readonly openResolver: () => Resolver
  /** Free bytes for mail and database; null if the system does not say. */
  readonly freeBytes: () => Promise<number | null>
  readonly log: Log
  readonly now: () => Date
  /** Called once for each wrong password or unknown key, for the metrics. */
  readonly onAuthFailure: () => void
}

/**
 * Inspects a change within its transaction; throwing rolls it back.
 * @param change the id of what is changed (null for what a tenant has only one of), and its wire form before the change, if it existed
 */
export type ChangeWitness = (
  tx: Db,
  change: { targetId: string | null; before?: Record<string, unknown> | null },
) => void | Promise<void>

/** The context of a verb for an anonymous caller. */
export interface PublicContext extends Runtime {
  readonly requestId: string
  readonly ip: string
  readonly userAgent: string
}

/** The context of a verb for an authenticated caller. */
export interface ServiceContext extends Runtime {
  readonly actor: Actor
  readonly requestId: string
  /** IP address of the client; `local` for the command line and jobs. */
  readonly ip: string
  /** Inspects every audited change. */
  readonly witness?: ChangeWitness | undefined
}

/** The scope of the actor's tenant, for queries. */
export const scopeOf = ({ actor }: Pick<ServiceContext, 'actor'>): TenantScope => tenantScope(actor.tenantId)
