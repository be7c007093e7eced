import type { Config, KeyPair } from '@mairust/config'
import type { Listener } from '@mairust/mail-core/smtp'
import { listenPatiently } from '../listen.ts'
import type { Log } from '@mairust/log'
import { createSmtpServer } from './adapter/index.ts'
import type { Stages } from './client.ts'
import { Connections } from './connections.ts'
import { createNotices } from './notices.ts'
import { tlsOptions } from './tls.ts'

const SWEEP = 1000
const MIB = 1024 * 1024

export interface ListenerOptions {
  readonly listener: Listener
  /** The current configuration; a reload changes it. */
  readonly config: () => Config
  readonly keyPair: KeyPair
  readonly stages: Stages
  readonly log: Log
  readonly ending?: AbortSignal | undefined
  readonly now: () => number
}

/** An open port. */
export interface OpenListener {
  readonly listener: Listener
  readonly host: string
  readonly port: number
  readonly connections: Connections
  /** @throws when the port is no longer open */
  check(): void
  /** Sets the certificate for new handshakes. */
  setKeyPair(pair: KeyPair): void
  /** New connections and transactions get 421; open transactions may finish. */
  drain(): void
  /** Ends everything and frees the port. */
  close(): Promise<void>
}

/** Opens one port. @throws PortError when it stays in use */
export async function openListener(options: ListenerOptions): Promise<OpenListener> {
  const { listener, config, log, now } = options
  const { host, port } = config().smtp[listener]
  let draining = false
  const notices = createNotices(listener, log, now)
  const connections = new Connections(
    () => {
      const { limits } = config().smtp
      return {
        maxConnections: limits.max_connections,
        perAddress: limits.per_address,
        newPerMinutePerAddress: limits.new_per_minute_per_address,
        exempt: limits.exempt,
      }
    },
    now,
    notices.turnedAway,
  )
  const server = createSmtpServer({
    listener,
    hostname: config().server.hostname,
    maxSize: () => maxMessageSize(config()),
    tls: tlsOptions(listener, options.keyPair, config().tls.min_version),
    proxies: () => config().smtp.trusted_proxies,
    xclients: () => config().smtp.trusted_xclient,
    stages: options.stages,
    connections,
    notices,
    log,
    now,
    isDraining: () => draining,
  })
  const address = await listenPatiently({ setting: `smtp.${listener}.port`, host, port, ending: options.ending }, () =>
    server.listen(host, port),
  )
  const sweeper = setInterval(() => connections.sweep(), SWEEP)
  sweeper.unref()
  return {
    listener,
    host,
    port: address.port,
    connections,
    check: () => {
      if (draining || !server.listening) throw new Error('not listening')
    },
    setKeyPair: (pair) => server.setTls(tlsOptions(listener, pair, config().tls.min_version)),
    drain: () => {
      draining = true
      server.endIdle()
    },
    close: async () => {
      clearInterval(sweeper)
      await server.close()
    },
  }
}

/** `smtp.max_message_size_mb` in bytes. */
export function maxMessageSize(config: Config): number {
  return Math.floor(config.smtp.max_message_size_mb * MIB)
}
