import { mkdir } from 'node:fs/promises'
import { type BootstrapAdmin, type Config, ensureMasterKey } from '@mairust/config'
import { openDatabase } from '@mairust/db'
import { openBlobStore } from '@mairust/db/blob'
import { sumUsedBytes } from '@mairust/db/queries/storage'
import { createReverseLookup } from './dns.ts'
import { createIdentity } from './identity.ts'
import { createLog, type RootLog } from '@mairust/log'
import { createMessageIndexer } from './message-index.ts'
import { createMetrics, mergeMetrics } from './metrics.ts'
import { openOps } from './ops.ts'
import { writePidFile } from './pid-file.ts'
import { startPruning } from './prune.ts'
import { readyLines } from './ready.ts'
import { hasRole, listenersOf } from './roles.ts'
import { Shutdown } from './shutdown.ts'
import { openSmtp } from './smtp/open.ts'
import { expiryOf, loadKeyPair } from './smtp/tls.ts'
import { startWebChild } from './web-child.ts'

export interface RunOptions {
  readonly config: Config
  /** The administrator to make when there is none yet. */
  readonly bootstrapAdmin: BootstrapAdmin | null
  /** Ends the server as SIGTERM does. */
  readonly signal?: AbortSignal | undefined
  /** Reads the configuration again for SIGHUP; a throw leaves everything as it is. */
  readonly reload?: (() => Config) | undefined
  /** Called with the lines that say where everything listens; they go to stderr unless told. */
  readonly onReady?: ((lines: readonly string[]) => void) | undefined
}

/** SIGTERM to exit. The rest of 35 s is for closing. */
const DRAIN = 30_000

/**
 * Runs the server: migrates, opens everything, says where it listens, and resolves when it has been told to end and all
 * that was under way is done. What was opened is closed again when the start fails.
 * @throws PortError, MigrationError and others whose message tells the operator what to do
 */
export async function runServer(options: RunOptions): Promise<void> {
  const log = createLog({ ...options.config.logging, component: 'mta' })
  const shutdown = new Shutdown(log)
  try {
    const lines = await start(options, log, shutdown)
    const say = options.onReady ?? ((ready: readonly string[]) => void process.stderr.write(`${ready.join('\n')}\n`))
    say(lines)
    await shutdown.requested(options.signal)
    log.info({}, 'Ending')
  } finally {
    await shutdown.run()
    log.flush()
  }
}

async function start(options: RunOptions, log: RootLog, shutdown: Shutdown): Promise<readonly string[]> {
  let config = options.config
  await mkdir(config.server.data_dir, { recursive: true, mode: 0o700 })
  const masterKey = ensureMasterKey(config)
  const keyPair = loadKeyPair(config)
  // Waited for below; a failure must not be unhandled meanwhile.
  keyPair.catch(() => undefined)
  const database = await openDatabase(config.database, { migrate: true })
  shutdown.add('database', () => database.close())
  const blobs = await openBlobStore(config.storage)
  const metrics = createMetrics()
  const identity = createIdentity({ config, database, blobs, masterKey, log: log.child('auth') })
  if (options.bootstrapAdmin !== null) await identity.bootstrap(options.bootstrapAdmin)

  // The slowest to start goes first; it needs nothing but the migrated database.
  const web = hasRole(config, 'web')
    ? startWebChild({ host: config.web.host, port: config.web.port, log: log.child('web') })
    : null
  if (web !== null) shutdown.add('web', () => web.stop())
  // Before the listeners, which are to stop accepting first when it ends.
  const pruning = startPruning({ config: () => config, database, blobs, log: log.child('prune') })
  shutdown.add('pruning', () => pruning.stop())
  const indexer = createMessageIndexer()
  indexer.warm()
  shutdown.add('indexer', () => indexer.close())
  const smtp = await openSmtp({
    config: () => config,
    listeners: listenersOf(config),
    database,
    blobs,
    indexer,
    keyPair: await keyPair,
    login: identity.login,
    reverseLookup: createReverseLookup({ servers: config.dns.servers, now: Date.now }),
    metrics,
    log,
  })
  shutdown.add('smtp', () => smtp.close(DRAIN))
  let expiry = expiryOf(await keyPair)

  const ops = await openOps({
    host: config.ops.host,
    port: config.ops.port,
    checks: () => ({
      database: () => database.ready(),
      storage: () => blobs.ready(),
      ...Object.fromEntries(smtp.listeners.map((open) => [open.listener, () => open.check()])),
      ...(web === null ? {} : { web: () => (web.ready ? undefined : Promise.reject(new Error('not ready'))) }),
    }),
    metrics: async () => {
      metrics.certificateExpiry.set(Math.floor((expiry.getTime() - Date.now()) / 1000))
      // While the database is away the last figure stands.
      await sumUsedBytes(database.db).then(
        (bytes) => metrics.storageBytes.set(bytes),
        () => undefined,
      )
      return mergeMetrics(await metrics.registry.metrics(), (await web?.metrics()) ?? '')
    },
  })
  shutdown.add('ops', () => ops.close())
  const pidFile = await writePidFile(config.server.data_dir)
  shutdown.add('pid file', () => pidFile.remove())

  const reload = async (): Promise<void> => {
    const next = options.reload?.() ?? config
    const pair = await loadKeyPair(next)
    config = { ...config, tls: next.tls, logging: next.logging, smtp: { ...next.smtp } }
    smtp.setKeyPair(pair)
    log.setLevel(next.logging.level)
    web?.setLogLevel(next.logging.level)
    expiry = expiryOf(pair)
    log.info({}, 'Certificates, log level and limits were read again')
  }
  shutdown.onHangUp(reload)

  const webPort = web === null ? null : await shutdown.unlessEnding(web.started)
  return readyLines({
    config,
    webPort,
    listeners: smtp.listeners,
    opsPort: ops.port,
    setupToken: await identity.setupToken(),
  })
}
