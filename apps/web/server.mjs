/**
 * The web process: Next's handlers on an HTTP server of our own. The mail server starts it and sends the configuration over an
 * IPC channel, since passwords and keys must not be in the environment. Plain JavaScript, because it runs unbundled.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { listen } from './listen.mjs'

/** How long to retry a port that is in use, and how long open requests may take after SIGTERM, in milliseconds. */
const PORT_RETRY_MS = 10_000
const DRAIN_MS = 10_000
const EVENTS_PATH = '/api/events'
/** Set here on each request, over whatever the client sent: the API uses it for limits and logs. */
const REMOTE_ADDRESS = 'x-mairust-remote-address'
/** The API sends these headers under names of its own, since Next drops the real ones. */
const FRAMING = new Map([
  ['x-mairust-content-encoding', 'content-encoding'],
  ['x-mairust-content-length', 'content-length'],
])

// Only this user may read the files that this process creates.
process.umask(0o077)
// Without its parent this process has no purpose, however the parent ended.
process.on('disconnect', () => process.exit(0))
// A closing terminal signals the whole process group; the parent decides what to do.
process.on('SIGHUP', () => undefined)
// Until there is something to drain, simply exit.
let drain = () => process.exit(0)
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => drain())

const settings = (globalThis[Symbol.for('mairust.settings')] = await receiveSettings())
const { host: hostname, port } = settings.config.web

const here = dirname(fileURLToPath(import.meta.url))
const standalone = join(here, '.next', 'standalone', 'apps', 'web')
const dir = existsSync(join(standalone, 'server.js')) ? standalone : here

// stdout is for JSON log lines; Next's output goes to stderr.
console.log = console.info = console.warn = console.error
process.env.NODE_ENV = 'production'
process.env.NEXT_TELEMETRY_DISABLED = '1'
process.env.__NEXT_PRIVATE_ORIGIN = `http://localhost:${port}`
if (dir === standalone) {
  const { config } = JSON.parse(readFileSync(join(dir, '.next', 'required-server-files.json'), 'utf8'))
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config)
}

// The script of the API reference page has 3 MB and stays out of the bundle.
const docs = [
  join(dir, 'docs', 'standalone.js'),
  join(here, 'node_modules/@scalar/api-reference/dist/browser/standalone.js'),
]
globalThis[Symbol.for('mairust.docs')] = docs.find((path) => existsSync(path))
// The web front sends these itself.
globalThis[Symbol.for('mairust.files')] = join(dir, '.next', 'static')

const require = createRequire(join(dir, 'package.json'))
require('next')
const { getRequestHandlers } = require('next/dist/server/lib/start-server')
// Loading the configuration here caches it silently; Next itself would announce it among our log lines.
await require('next/dist/server/config').default('phase-production-server', dir)

let handlers
/** Checks connections and requests before Next gets them; created by the API, which is part of Next's bundle. */
const front = () => globalThis[Symbol.for('mairust.front')]
const streams = new Set()
const isHttps = () => globalThis[Symbol.for('mairust.publicUrl')]?.startsWith('https:') === true
const server = createServer({ connectionsCheckingInterval: 5000 }, (request, response) => {
  request.headers[REMOTE_ADDRESS] = request.socket.remoteAddress ?? ''
  if (isHttps()) response.setHeader('strict-transport-security', 'max-age=31536000')
  const checks = front()
  if (checks === undefined) handle(request, response)
  else checks.serve(request, response, () => handle(request, response))
})

function handle(request, response) {
  restoreFraming(response)
  if (request.url.startsWith(EVENTS_PATH)) {
    streams.add(response)
    response.once('close', () => streams.delete(response))
  }
  handlers.requestHandler(request, response).catch((error) => {
    console.error('web: a request failed:', error)
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
    response.end()
  })
}
server.on('connection', (socket) => {
  const checks = front()
  if (checks === undefined) return
  server.requestTimeout = checks.requestMs()
  checks.admit(socket)
})
server.keepAliveTimeout = 75_000
// Time limits for headers, whole requests and silent connections; event streams send something more often. That of requests is for
// the largest message on the slowest line, since Node has one for all; the API asks for a least speed of each body.
server.headersTimeout = 15_000
server.requestTimeout = 60_000
server.timeout = 120_000

handlers = await getRequestHandlers({ dir, port, isDev: false, server, hostname, minimalMode: false, quiet: true })
// Nothing here upgrades to another protocol; without a listener the request is answered like any other.
server.removeAllListeners('upgrade')
drain = endServing
try {
  await listen(server, { port, host: hostname, until: Date.now() + PORT_RETRY_MS })
} catch (error) {
  // Reported, not thrown: Next handles uncaught exceptions, and the process would go on.
  process.send({ type: 'failed', code: error.code }, () => process.exit(1))
}
if (server.listening) process.send({ type: 'ready', port: server.address().port })

process.on('message', (message) => {
  if (message?.type === 'metrics') void sendMetrics(message.id)
})

/** Translates the API's own names for Content-Length and Content-Encoding into the real ones. */
function restoreFraming(response) {
  const setHeader = response.setHeader.bind(response)
  response.setHeader = (name, value) => {
    const framing = FRAMING.get(name.toLowerCase())
    return framing === undefined ? setHeader(name, value) : setHeader(framing, String(value))
  }
}

/** Resolves with the configuration in the parent's first message; later ones update it and call `changed`. */
function receiveSettings() {
  return new Promise((resolve) => {
    const current = { config: undefined, changed: () => undefined }
    process.on('message', (message) => {
      if (message?.type !== 'config') return
      current.config = message.config
      current.changed(message.config)
      resolve(current)
    })
  })
}

/** Sends the metrics to the parent. The API creates the registry on first use; until then there are none. */
async function sendMetrics(id) {
  const registry = globalThis[Symbol.for('mairust.metrics')]
  const samples = registry === undefined ? [] : await registry.getMetricsAsJSON()
  process.send?.({ type: 'metrics', id, samples })
}

/** Accepts no new connections, lets open requests finish, closes the database and exits. */
function endServing() {
  server.close(async () => {
    await globalThis[Symbol.for('mairust.close')]?.()
    process.exit(0)
  })
  server.closeIdleConnections()
  // Event streams never end on their own.
  for (const stream of streams) stream.destroy()
  setTimeout(() => process.exit(0), DRAIN_MS).unref()
}
