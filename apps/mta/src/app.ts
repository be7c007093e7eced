import { openMasterKey } from '@mairust/api/services'
import type { BootstrapAdmin, Config } from '@mairust/config'
import { lockFolder, openDatabase } from '@mairust/db'
import { openInstalledStore } from '@mairust/db/blob'
import { sumUsedBytes } from '@mairust/db/queries/storage'
import { createLog, type RootLog } from '@mairust/log'
import { makeFolders } from './data-folder.ts'
import { createIdentity } from './identity.ts'
import { createMetrics, mergeMetrics } from './metrics.ts'
import { openOps } from './ops.ts'
import { PARTS } from './parts.ts'
import { writePidFile } from './pid-file.ts'
import { restrictPermissions } from './permissions.ts'
import { readyLines } from './ready.ts'
import { createReload } from './reload.ts'
import { Shutdown } from './shutdown.ts'
import { expiryOf, loadKeyPair, warnOfKeyPair } from './smtp/tls.ts'
import { startParts } from './start-parts.ts'

export interface RunOptions {
  readonly config: Config
  /** Created when there is no administrator yet. */
  readonly bootstrapAdmin: BootstrapAdmin | null
  /** Accepts a master key other than the one the database was used with. */
  readonly newMasterKey?: boolean | undefined
  /** Stops the server as SIGTERM does. With the reason `orphaned` the drain is short: a successor may be waiting. */
  readonly signal?: AbortSignal | undefined
  /** Rereads the configuration on SIGHUP; when it throws, nothing changes. */
  readonly reload?: (() => Config) | undefined
  /** Called with the server's log once it exists. */
  readonly onLog?: ((log: RootLog) => void) | undefined
  /** Receives the lines that say where everything listens; default: stderr. */
  readonly onReady?: ((lines: readonly string[]) => void) | undefined
}

/** Drain time after SIGTERM, milliseconds. The rest of the 35 s is for closing. */
const DRAIN = 30_000
/** Drain time after a failed start, or when the supervisor is gone. */
const SHORT_DRAIN = 3000

/**
 * Runs the server: migrates, opens everything, prints where it listens, and resolves after a graceful shutdown. When the
 * start fails, closes what it opened.
 * @throws PortError, MigrationError and others whose message tells the operator what to do
 */
export async function runServer(options: RunOptions): Promise<void> {
  const log = createLog({ ...options.config.logging, component: 'mta' })
  options.onLog?.(log)
  const shutdown = new Shutdown(log, options.signal)
  try {
    const lines = await start(options, log, shutdown)
    if (!shutdown.signal.aborted) {
      const say = options.onReady ?? announce
      say(lines)
    }
    await shutdown.requested()
    log.info({}, 'Shutting down')
  } catch (error) {
    // Aborting a start makes it fail somewhere; that is the shutdown that was asked for.
    if (!shutdown.signal.aborted) throw error
  } finally {
    await shutdown.run()
    log.flush()
  }
}

function announce(lines: readonly string[]): void {
  // Mail goes on even when stderr is a file on a full disk.
  process.stderr.once('error', () => undefined)
  process.stderr.write(`${lines.join('\n')}\n`)
}

async function start(options: RunOptions, log: RootLog, shutdown: Shutdown): Promise<readonly string[]> {
  const ending = shutdown.signal
  let config = options.config
  await makeFolders(config)
  const lock = await lockFolder(config.server.data_dir, {
    signal: ending,
    onWait: (holder) => log.info({ holder }, 'Waiting for the server that still uses this data folder'),
  })
  shutdown.add('folder', () => lock.release())
  const { rest } = await restrictPermissions(config, log, ending)
  shutdown.add('permissions', () => rest)
  let keyPair = await loadKeyPair(config)
  warnOfKeyPair(keyPair, config, log)
  ending.throwIfAborted()
  const database = await openDatabase(config.database, {
    migrate: true,
    onPending: (migrations) => log.info({ migrations }, 'Migrating the database'),
  })
  shutdown.add('database', () => database.close())
  ending.throwIfAborted()
  const masterKey = await openMasterKey({
    config,
    db: database.db,
    now: () => new Date(),
    acceptNew: options.newMasterKey,
  })
  const blobs = await openInstalledStore(config.storage, database.db)
  const metrics = createMetrics()
  const identity = createIdentity({
    config,
    failuresPerMinute: () => config.web.rate_limits.login_per_address_per_minute,
    database,
    blobs,
    masterKey,
    metrics,
    log: log.child('auth'),
  })
  if (options.bootstrapAdmin !== null) await identity.bootstrap(options.bootstrapAdmin)
  ending.throwIfAborted()

  const server = { config: () => config, keyPair: () => keyPair, masterKey, database, blobs, identity, metrics, log }
  const withinMs = (): number => (ending.aborted && ending.reason !== 'orphaned' ? DRAIN : SHORT_DRAIN)
  const parts = await startParts({ ...server, ending }, PARTS, withinMs)
  shutdown.add('parts', () => parts.stop(withinMs()))
  const ops = await openOps({
    ...config.ops,
    ending,
    checks: () => ({
      database: () => database.ready(),
      storage: () => blobs.ready(),
      ...parts.checks(),
    }),
    metrics: async () => {
      metrics.certificateExpiry.set(Math.floor((expiryOf(keyPair).getTime() - Date.now()) / 1000))
      // Keep the last value while the database is unreachable.
      await sumUsedBytes(database.db).then(
        (bytes) => metrics.storageBytes.set(bytes),
        () => undefined,
      )
      return mergeMetrics([await metrics.registry.getMetricsAsJSON(), ...(await parts.metrics())])
    },
  })
  shutdown.add('ops', () => ops.close())
  const pidFile = await writePidFile(config.server.data_dir)
  shutdown.add('pid file', () => pidFile.remove())
  const reload = createReload({
    read: () => options.reload?.() ?? config,
    current: () => config,
    apply: (next, pair) => {
      config = next
      keyPair = pair
      parts.reload()
    },
    log,
  })
  shutdown.onHangUp(reload)
  ending.throwIfAborted()
  return readyLines({
    config,
    addresses: parts.addresses,
    opsPort: ops.port,
    setupToken: await identity.setupToken(),
  })
}
