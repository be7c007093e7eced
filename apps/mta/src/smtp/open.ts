import { tenantScope } from '@mairust/db/queries/scope'
import { randomInt } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config, KeyPair } from '@mairust/config'
import { createApartId, createId, type Database, readFreeBytes, spoolFolderOf } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { databaseDirectory } from '@mairust/db/queries/directory'
import { findUser } from '@mairust/db/queries/user'
import {
  addressOwnership,
  createIntake,
  type MessageIndexer,
  type MessageSigner,
  type MessageVerifier,
  returnPathSettings,
} from '@mairust/intake'
import { queueingTerms } from '@mairust/intake/transaction'
import { normaliseAddress } from '@mairust/mail-core/address'
import type { Listener } from '@mairust/mail-core/smtp'
import type { ReverseLookup } from '../dns.ts'
import type { RootLog } from '@mairust/log'
import { followCounter, followGauge, type Metrics } from '../metrics.ts'
import { createAccept } from './accept.ts'
import { createJourneyBudget } from './journey-budget.ts'
import type { SmtpContext } from './context.ts'
import { cachedDirectory } from './directory.ts'
import { watchDiskSpace } from './disk-space.ts'
import { maxMessageSize, openListener, type OpenListener } from './listener.ts'
import { MemoryBudget } from './memory-budget.ts'
import { findReturnTargets } from './return-target.ts'
import { createSpoolSpace } from './spool-space.ts'
import { createStages } from './stages/index.ts'
import { createUnknownThrottle } from './unknown-throttle.ts'

/** Minimum interval of disk space checks, for when no mail arrives. */
const SPACE_EVERY = 10_000
/** For the unfinished messages of all connections: about 2,000 of the typical 15 KB. */
const SPOOL_MEMORY = 32 * 1024 * 1024

export interface SmtpOptions {
  /** The current configuration; a reload changes it. */
  readonly config: () => Config
  readonly listeners: readonly Listener[]
  readonly database: Database
  readonly blobs: BlobStore
  readonly indexer: MessageIndexer
  readonly verifier: Pick<MessageVerifier, 'verify'>
  readonly signer: Pick<MessageSigner, 'sign'>
  /** 32 bytes; signs return paths. */
  readonly masterKey: Buffer
  readonly keyPair: KeyPair
  readonly login: SmtpContext['login']
  readonly reverseLookup: ReverseLookup
  readonly metrics: Metrics
  readonly log: RootLog
  /** Aborted to stop waiting, as for a port in use. */
  readonly ending?: AbortSignal | undefined
  readonly now?: (() => number) | undefined
  /** Delays the reply to a failed login; default: one to four seconds. */
  readonly tarpit?: (() => Promise<void>) | undefined
  /** Free bytes on the volumes of the blobs and of the database. */
  readonly freeBytes?: (() => Promise<number>) | undefined
  /** Bytes of memory for unfinished messages; the rest is spooled to files. */
  readonly spoolMemory?: number | undefined
}

/** The SMTP side of a process. */
export interface Smtp {
  readonly listeners: readonly OpenListener[]
  /** @throws when the disk is full and all mail gets 452 */
  checkSpace(): Promise<void>
  setKeyPair(pair: KeyPair): void
  /** Lets open transactions finish for up to `withinMs`, then closes. */
  close(withinMs: number): Promise<void>
}

/** Opens the SMTP listeners over a database and a blob store. @throws PortError */
export async function openSmtp(options: SmtpOptions): Promise<Smtp> {
  const { config, database, blobs, metrics, now = Date.now } = options
  const log = options.log.child('smtp')
  const { db, changes } = database
  const spoolFolder = spoolFolderOf(config())
  await mkdir(spoolFolder, { recursive: true })
  const throttle = createUnknownThrottle(now)
  const budget = createJourneyBudget({
    exempt: () => config().smtp.limits.exempt,
    isSender: (remoteAddress) => throttle.count({ user: null, remoteAddress }).network.isSender,
    now,
    log,
  })
  const intake = createIntake({ database, blobs, indexer: options.indexer, log })
  followCounter(
    metrics.registry,
    { name: 'mairust_journeys_dropped_total', help: 'Journeys of refused transactions that were not stored.' },
    () => intake.droppedJourneys + budget.dropped,
  )
  const space = watchDiskSpace({
    freeBytes: options.freeBytes ?? (() => readFreeBytes(config())),
    now,
    log,
  })
  // A start on a full disk says so at once.
  await space.free()
  const spaceTimer = setInterval(() => void space.free(), SPACE_EVERY)
  spaceTimer.unref()
  followGauge(
    metrics.registry,
    { name: 'mairust_storage_free_bytes', help: 'Bytes free on the volumes of mail and database, whichever is less.' },
    () => space.free(),
  )
  const directory = cachedDirectory(databaseDirectory(db), changes)
  const context: SmtpContext = {
    settings: () => ({
      hostname: config().server.hostname,
      maxSize: maxMessageSize(config()),
      maxRecipients: config().smtp.max_recipients,
      exempt: config().smtp.limits.exempt,
    }),
    directory,
    findReturnTarget: findReturnTargets({
      db,
      directory,
      settings: () => returnPathSettings(options.masterKey, config().outbound.return_paths),
      feedbackAddresses: () => config().outbound.feedback_addresses.map((text) => normaliseAddress(text) ?? text),
      now,
    }),
    accept: createAccept({
      intake,
      verifier: options.verifier,
      policy: () => ({
        enforce: config().auth.dmarc.enforce,
        trustedSealers: config().auth.trusted_arc_sealers,
        // A machine without DNS still takes its own mail. Whoever names resolvers relies on them.
        undeferred: config().dns.servers.length === 0 ? config().smtp.limits.exempt : [],
      }),
      budget,
      hostname: () => config().server.hostname,
      newMessageId: (receivedAt) => createApartId('msg', receivedAt),
      queueing: queueingTerms(config, options),
      now,
      log,
    }),
    reverseLookup: options.reverseLookup,
    throttle,
    login: options.login,
    isLoggedIn: async ({ id, tenantId, email, epoch }) => {
      const user = await findUser(db, tenantScope(tenantId), id)
      return user?.suspended === false && user.email === email && user.loginEpoch === epoch
    },
    owns: addressOwnership(db, directory),
    spoolSpace: createSpoolSpace(() => space.ask(), now),
    spoolFolder,
    spoolMemory: new MemoryBudget(options.spoolMemory ?? SPOOL_MEMORY),
    newId: createId,
    tarpit: options.tarpit ?? (() => sleep(randomInt(1000, 4000))),
    now,
    metrics,
    log,
  }
  const stages = createStages(context)
  const listeners: OpenListener[] = []
  const closeListeners = (): Promise<unknown> => Promise.all(listeners.map((listener) => listener.close()))
  const stopFollowing = (): void => {
    clearInterval(spaceTimer)
    directory.close()
  }
  try {
    for (const listener of options.listeners) {
      if (!config().smtp[listener].enabled) continue
      listeners.push(await openListener({ ...options, listener, stages, log, now }))
    }
  } catch (error) {
    stopFollowing()
    await closeListeners()
    throw error
  }
  return {
    listeners,
    checkSpace: () => space.check(),
    setKeyPair: (pair) => {
      for (const listener of listeners) listener.setKeyPair(pair)
    },
    close: async (withinMs) => {
      for (const listener of listeners) listener.drain()
      const until = performance.now() + withinMs
      while (listeners.some(({ connections }) => connections.size > 0) && performance.now() < until) await sleep(50)
      await closeListeners()
      await intake.drain()
      stopFollowing()
    },
  }
}
