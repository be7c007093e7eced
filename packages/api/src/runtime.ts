import type { Config } from '@mairust/config'
import { readFreeBytes, type Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { openVault } from '@mairust/db/secrets'
import { createResolver, type Resolver } from '@mairust/dns'
import { createMessageSigner } from '@mairust/intake'
import { queueingTerms } from '@mairust/intake/transaction'
import { createDraftComposer } from '@mairust/intake/drafts'
import { systemActor } from './access/index.ts'
import { createKeys } from './auth/keys.ts'
import { createPasswords, type PasswordCost } from './auth/password.ts'
import { createKeyedQueue } from './auth/keyed-queue.ts'
import type { Runtime, ServiceContext } from './context.ts'
import { createKnownCallers, type KnownCallers } from './http/known-callers.ts'
import { createNews, type Log, type News } from '@mairust/log'
import { createRenderer, type Renderer } from './render/renderer.ts'

export interface RuntimeOptions {
  config: Config
  database: Database
  blobs: BlobStore
  /** 32 bytes. */
  masterKey: Buffer
  log: Log
  now?: (() => Date) | undefined
  renderer?: Renderer | undefined
  maxMessageBytes?: (() => number) | undefined
  openResolver?: (() => Resolver) | undefined
  freeBytes?: (() => Promise<number>) | undefined
  passwordCost?: PasswordCost | undefined
  /** What is to remember the callers; by default a new memory. */
  known?: KnownCallers | undefined
  onAuthFailure?: (() => void) | undefined
}

/** How many logins of one account may wait for each other. */
const MAX_LOGINS_WAITING = 20

/** Makes the runtime that services need, once for each process. */
export const createRuntime = (options: RuntimeOptions): Runtime => {
  const signer = createMessageSigner(options)
  return {
    config: options.config,
    db: options.database.db,
    blobs: options.blobs,
    changes: options.database.changes,
    keys: createKeys(options.masterKey),
    passwords: createPasswords(options.passwordCost),
    loginQueue: createKeyedQueue(MAX_LOGINS_WAITING),
    refusedLogins: newsOf(options),
    unavailable: newsOf(options),
    known: options.known ?? createKnownCallers(),
    renderer: options.renderer ?? createRenderer({ blobs: options.blobs }),
    drafts: createDraftComposer({ blobs: options.blobs }),
    signer,
    queueing: (config) => queueingTerms(() => config, { masterKey: options.masterKey, signer }),
    maxMessageBytes: options.maxMessageBytes ?? (() => maxMessageBytes(options.config)),
    vault: openVault(options.masterKey),
    openResolver: options.openResolver ?? resolverOf(options.config.dns),
    freeBytes: () => (options.freeBytes ?? (() => readFreeBytes(options.config)))().catch(() => null),
    log: options.log,
    now: options.now ?? (() => new Date()),
    onAuthFailure: options.onAuthFailure ?? (() => undefined),
  }
}

const newsOf = ({ now }: RuntimeOptions): News => createNews(() => (now?.() ?? new Date()).getTime())

/** `smtp.max_message_size_mb` in bytes. */
export const maxMessageBytes = ({ smtp }: Pick<Config, 'smtp'>): number =>
  Math.floor(smtp.max_message_size_mb * 1_048_576)

/** The context in which the command line and jobs call verbs: all permissions within one tenant. */
export const systemContext = (runtime: Runtime, tenantId: string, name = 'system'): ServiceContext => ({
  ...runtime,
  actor: systemActor(tenantId, name),
  requestId: name,
  ip: 'local',
})

const resolverOf =
  ({ servers, timeout_ms: timeoutMs }: Config['dns']) =>
  (): Resolver =>
    createResolver({ servers, timeoutMs })
