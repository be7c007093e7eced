/**
 * The only folder that knows smtp-server. It keeps the library's framing of DATA, TLS, SASL, PROXY and XCLIENT, and
 * overrides what is wrong for a server on the open internet.
 */
import type { AddressInfo } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { replies } from '@mairust/mail-core/smtp'
import { listenOnce } from '../../listen.ts'
import { Connection } from './connection.ts'
import type { AdapterOptions } from './options.ts'
import { Server } from './server.ts'

/** The server of one listener. */
export interface SmtpServer {
  /** @throws the system's error when the port cannot be opened */
  listen(host: string, port: number): Promise<AddressInfo>
  readonly listening: boolean
  setTls(options: SecureContextOptions): void
  /** Sends 421 to clients without an open transaction; the others finish theirs. */
  endIdle(): void
  /** Ends the remaining connections and frees the port. */
  close(): Promise<void>
}

/** Creates the server of one listener, not yet listening. */
export function createSmtpServer(options: AdapterOptions): SmtpServer {
  const server = new Server(options)
  const each = (act: (connection: Connection) => void): void => {
    for (const connection of server.connections) if (connection instanceof Connection) act(connection)
  }
  return {
    listen: (host, port) => listenOnce(server.server, { host, port, backlog: 1024 }),
    get listening() {
      return server.server.listening
    },
    setTls: (tls) => server.updateSecureContext(tls),
    endIdle: () => each((connection) => connection.idle && connection.end(replies.shuttingDown)),
    close: () =>
      new Promise((resolve) => {
        server.server.close(() => resolve())
        for (const socket of server._pendingSockets.values()) socket.destroy()
        each((connection) => connection.end(replies.shuttingDown))
      }),
  }
}
