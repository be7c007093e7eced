/**
 * Leaves TLS handshakes pending on one listener and ends them in one of three ways. Runs in its own process, since a mistake
 * here crashes Node itself. Exits with 0 when the server still answers.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@mairust/config'
import { createLog } from '@mairust/log'
import { SESSION_DEADLINES } from '@mairust/mail-core/inbound'
import { type Listener, replies } from '@mairust/mail-core/smtp'
import { createSmtpServer } from '../../src/smtp/adapter/index.ts'
import { Connections } from '../../src/smtp/connections.ts'
import { createNotices } from '../../src/smtp/notices.ts'
import { loadKeyPair, tlsOptions } from '../../src/smtp/tls.ts'
import { RawClient } from './client.ts'

const [, , listener, end] = process.argv as [string, string, Listener, 'deadline' | 'room' | 'shutdown']
/** A record header that promises more than follows, and the first bytes of a ClientHello. */
const HALF_HELLO = Buffer.from('16030102000100', 'hex')
const HELLOS = [null, HALF_HELLO, null, HALF_HELLO]

const folder = await mkdtemp(join(tmpdir(), 'mairust-tls-'))
const { config } = loadConfig({ cwd: folder, env: {} })
let clock = Date.now()
const now = (): number => clock
const limits = { maxConnections: 0, perAddress: 0, newPerMinutePerAddress: 0, exempt: [] }
const log = createLog({ level: 'silent', format: 'json', component: 'mta' })
const connections = new Connections(
  () => limits,
  now,
  () => undefined,
)
const server = createSmtpServer({
  listener,
  hostname: 'mx.test.example',
  maxSize: () => 1000,
  tls: tlsOptions(listener, await loadKeyPair(config), 'TLSv1.2'),
  proxies: () => [],
  xclients: () => [],
  stages: {
    connect: () => undefined,
    login: () => Promise.resolve({ reply: replies.wrongPassword }),
    mail: () => Promise.resolve(replies.senderOk),
    rcpt: () => Promise.resolve(replies.recipientOk),
    data: () => Promise.resolve(replies.unexpected),
    reset: () => undefined,
  },
  connections,
  notices: createNotices(listener, log, now),
  log,
  now,
  isDraining: () => false,
})
const { port } = await server.listen('127.0.0.1', 0)

/** Opens a connection whose handshake stalls before or within the hello. The promise is wrapped so that it is not awaited here. */
async function pendingClient(hello: Buffer | null): Promise<{ closed: Promise<void> }> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  if (listener !== 'submissions') {
    for (const line of ['', 'EHLO client.example\r\n', 'STARTTLS\r\n']) {
      socket.write(line)
      await new Promise((resolve) => socket.once('data', resolve))
    }
  }
  socket.resume()
  if (hello !== null) await new Promise<void>((resolve) => socket.write(hello, () => resolve()))
  return { closed }
}

/** A whole session; once it is over, the server has read everything sent before it. */
async function session(): Promise<void> {
  const client = await RawClient.open(port, { tls: listener === 'submissions' })
  const reply = await client.command('NOOP')
  if (!reply.startsWith('250')) throw new Error(`NOOP was answered ${reply}`)
  client.destroy()
}

const pending = await Promise.all(HELLOS.map((hello) => pendingClient(hello)))
await session()
if (end === 'deadline') {
  clock += SESSION_DEADLINES.untilMail
  connections.sweep()
}
if (end === 'room') {
  limits.maxConnections = 1
  // Each new connection evicts the oldest.
  for (let count = 0; count <= HELLOS.length; count += 1) await session()
}
if (end === 'shutdown') await server.close()
await Promise.all(pending.map(({ closed }) => closed))
if (end !== 'shutdown') {
  await session()
  await server.close()
}
await rm(folder, { recursive: true })
