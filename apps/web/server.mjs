/**
 * The web process: Next's handlers on an HTTP server of our own, started by the mail server with an IPC channel, over which
 * the configuration comes: its passwords and keys shall not stand in the environment. Node's own language only, for it runs
 * unbundled.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How long a taken port is tried again, and how long open requests may take after SIGTERM; milliseconds. */
const PORT_RETRY_MS = 10_000
const DRAIN_MS = 10_000
const EVENTS_PATH = '/api/events'
/** Set by us on each request, over whatever the client sent: the API counts and logs by it. */
const REMOTE_ADDRESS = 'x-mairust-remote-address'
/** The names by which the API tells how a body is framed, since Next drops the real ones. */
const FRAMING = new Map([
  ['x-mairust-content-encoding', 'content-encoding'],
  ['x-mairust-content-length', 'content-length'],
])

// What this process makes is its user's alone.
process.umask(0o077)
// Nobody is left to serve for when the parent is gone, however it went.
process.on('disconnect', () => process.exit(0))
// A terminal that closes tells the whole group; the parent decides.
process.on('SIGHUP', () => undefined)
// Until there is something to drain, the end is simple.
let drain = () => process.exit(0)
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => drain())

const settings = (globalThis[Symbol.for('mairust.settings')] = await received())
const { host: hostname, port } = settings.config.web

const here = dirname(fileURLToPath(import.meta.url))
const standalone = join(here, '.next', 'standalone', 'apps', 'web')
const dir = existsSync(join(standalone, 'server.js')) ? standalone : here

// stdout is for log lines in JSON; what Next has to say goes to stderr.
console.log = console.info = console.warn = console.error
process.env.NODE_ENV = 'production'
process.env.NEXT_TELEMETRY_DISABLED = '1'
process.env.__NEXT_PRIVATE_ORIGIN = `http://localhost:${port}`
if (dir === standalone) {
  const { config } = JSON.parse(readFileSync(join(dir, '.next', 'required-server-files.json'), 'utf8'))
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config)
}

// The reference page's program is a file of 3 MB that stays out of the bundle.
const docs = [
  join(dir, 'docs', 'standalone.js'),
  join(here, 'node_modules/@scalar/api-reference/dist/browser/standalone.js'),
]
globalThis[Symbol.for('mairust.docs')] = docs.find((path) => existsSync(path))

const require = createRequire(join(dir, 'package.json'))
require('next')
const { getRequestHandlers } = require('next/dist/server/lib/start-server')
// Read here it is kept without a word; Next itself would announce it between our lines.
await require('next/dist/server/config').default('phase-production-server', dir)

let handlers
/** What stands before Next; made by the API's part of the bundle. */
const front = () => globalThis[Symbol.for('mairust.front')]
const streams = new Set()
const isHttps = () => globalThis[Symbol.for('mairust.publicUrl')]?.startsWith('https:') === true
const server = createServer({ connectionsCheckingInterval: 5000 }, (request, response) => {
  request.headers[REMOTE_ADDRESS] = request.socket.remoteAddress ?? ''
  if (isHttps()) response.setHeader('strict-transport-security', 'max-age=31536000')
  if (front()?.refuse(request, response)) return
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
})
server.on('connection', (socket) => front()?.admit(socket))
server.keepAliveTimeout = 75_000
// Until its header and its body must have come, and how long a connection may be silent; event streams speak more often.
server.headersTimeout = 15_000
server.requestTimeout = 60_000
server.timeout = 120_000

handlers = await getRequestHandlers({ dir, port, isDev: false, server, hostname, minimalMode: false, quiet: true })
// Nothing here is upgraded to another protocol; without a listener the request is answered as any other.
server.removeAllListeners('upgrade')
drain = endServing
try {
  await listen(Date.now() + PORT_RETRY_MS)
} catch (error) {
  // Told here and not thrown: Next listens to what nobody catches, and would go on.
  process.send({ type: 'failed', code: error.code }, () => process.exit(1))
}
if (server.listening) process.send({ type: 'ready', port: server.address().port })

process.on('message', (message) => {
  if (message?.type === 'metrics') void sendMetrics(message.id)
})

/** Turns the API's names for a body's length and coding into the real ones as they are set. */
function restoreFraming(response) {
  const setHeader = response.setHeader.bind(response)
  response.setHeader = (name, value) => {
    const framing = FRAMING.get(name.toLowerCase())
    return framing === undefined ? setHeader(name, value) : setHeader(framing, String(value))
  }
}

/** The configuration, from the parent's first message. What it says later is for whoever asked to be told. */
function received() {
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

/** Listens; while another process still holds the port, for instance our predecessor, tries again. */
function listen(deadline) {
  return new Promise((resolve, reject) => {
    server.removeAllListeners('listening')
    server.once('error', (error) => {
      if (error.code !== 'EADDRINUSE' || Date.now() > deadline) {
        reject(error)
        return
      }
      setTimeout(() => listen(deadline).then(resolve, reject), 250)
    })
    server.listen(port, hostname, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

/** The registry is made by the API the first time it is used; until then there is nothing to tell. */
async function sendMetrics(id) {
  const registry = globalThis[Symbol.for('mairust.metrics')]
  const samples = registry === undefined ? [] : await registry.getMetricsAsJSON()
  process.send?.({ type: 'metrics', id, samples })
}

/** Takes no new connections, lets open requests end, closes the database, then leaves. */
function endServing() {
  server.close(async () => {
    await globalThis[Symbol.for('mairust.close')]?.()
    process.exit(0)
  })
  server.closeIdleConnections()
  // Event streams would never end by themselves.
  for (const stream of streams) stream.destroy()
  setTimeout(() => process.exit(0), DRAIN_MS).unref()
}
