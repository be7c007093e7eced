import { createServer } from 'node:http'
import { clientKey, clientNetwork } from '@mairust/mail-core/inbound'
import { createLoopTurns } from '@mairust/worker-pool'
import { listenOnce, listenPatiently } from './listen.ts'
import { boundConnections } from './ops-places.ts'
import type { Checks } from './roles.ts'

export interface OpsOptions {
  readonly host: string
  readonly port: number
  readonly ending?: AbortSignal | undefined
  /** The readiness checks; one that takes over two seconds fails. */
  readonly checks: () => Checks
  readonly metrics: () => Promise<string>
}

export interface OpsServer {
  readonly port: number
  close(): Promise<void>
}

const CHECK_LIMIT = 2000

/** Opens `/health/live`, `/health/ready` and `/metrics`. @throws PortError */
export async function openOps({ host, port, ending, checks, metrics }: OpsOptions): Promise<OpsServer> {
  // The same process serves SMTP: neither may wait for all requests at once.
  const turns = createLoopTurns()
  const readMetrics = shared(metrics)
  const readChecks = shared(() => runChecks(checks()))
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
    }
    const answer = async (): Promise<void> => {
      const path = (request.url ?? '').split('?', 1)[0]
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        send(405, 'text/plain', 'Method not allowed\n')
        return
      }
      if (path === '/health/live') {
        send(200, 'application/json', '{"status":"ok"}\n')
        return
      }
      if (path === '/metrics') {
        send(200, 'text/plain; version=0.0.4; charset=utf-8', await readMetrics())
        return
      }
      if (path !== '/health/ready') {
        send(404, 'text/plain', 'Not found\n')
        return
      }
      const results = await readChecks()
      const ok = Object.values(results).every((result) => result === 'ok')
      send(
        ok ? 200 : 503,
        'application/json',
        `${JSON.stringify({ status: ok ? 'ok' : 'unavailable', checks: results })}\n`,
      )
    }
    const address = request.socket.remoteAddress ?? ''
    const start = () => void answer().catch(() => send(500, 'text/plain', 'Internal error\n'))
    response.once('close', turns.begin([clientNetwork(address), clientKey(address)], start))
  })
  server.on('connection', turns.accepted)
  boundConnections(server)
  const address = await listenPatiently({ setting: 'ops.port', host, port, ending }, () =>
    listenOnce(server, { host, port }),
  )
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Whoever asks while an answer is being made gets that one. */
function shared<Answer>(make: () => Promise<Answer>): () => Promise<Answer> {
  let made: Promise<Answer> | null = null
  return () => (made ??= make().finally(() => (made = null)))
}

async function runChecks(checks: Checks): Promise<Record<string, string>> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      let timer: NodeJS.Timeout | undefined
      const limit = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('no answer')), CHECK_LIMIT)
      })
      try {
        await Promise.race([check(), limit])
        return [name, 'ok'] as const
      } catch {
        return [name, 'unavailable'] as const
      } finally {
        clearTimeout(timer)
      }
    }),
  )
  return Object.fromEntries(results)
}
