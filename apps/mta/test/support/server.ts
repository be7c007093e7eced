import { tenantScope } from '@mairust/db/queries/scope'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, loadConfig } from '@mairust/config'
import type { Database } from '@mairust/db'
import { type BlobStore, fsBlobStore } from '@mairust/db/blob'
import { makeDomain, makeMailbox, makeTenant, makeUser } from '@mairust/db/testing'
import { answerFrom, type DnsScript, startDnsServer } from '@mairust/dns/testing'
import {
  createMessageIndexer,
  createMessageSigner,
  createMessageVerifier,
  type MessageIndexer,
  type MessageVerifier,
} from '@mairust/intake'
import { mergeBehind } from '@mairust/mail-core/journey'
import { replies } from '@mairust/mail-core/smtp'
import { createLog } from '@mairust/log'
import { createMetrics } from '../../src/metrics.ts'
import type { LoginUser } from '../../src/smtp/client.ts'
import { openSmtp, type Smtp, type SmtpOptions } from '../../src/smtp/open.ts'
import type { OpenListener } from '../../src/smtp/listener.ts'
import { loadKeyPair } from '../../src/smtp/tls.ts'
import { RawClient } from './client.ts'

/** What seals the secrets of a test server. */
export const MASTER_KEY = Buffer.alloc(32, 7)
/** The password of every test user. */
export const PASSWORD = 'correct horse battery'

/** A running server on the suite's database, with its own folders. */
export interface TestServer {
  readonly smtp: Smtp
  readonly folder: string
  readonly blobs: BlobStore
  readonly database: Database
  config: Config
  /** Advances the server's clock and applies the deadlines. */
  advance(ms: number): void
  listener(name: 'inbound' | 'submission' | 'submissions'): OpenListener
  /** A client of port 25 that has read the greeting. */
  client(options?: { greeting?: boolean }): Promise<RawClient>
  /** A client of port 465, logged in. */
  loggedIn(user: { email: string }): Promise<RawClient>
  /** Files left in the spool folder. */
  leftovers(): Promise<string[]>
  stop(): Promise<void>
}

type Overrides = Partial<
  Pick<SmtpOptions, 'login' | 'freeBytes' | 'spoolMemory' | 'log' | 'metrics' | 'blobs' | 'indexer' | 'reverseLookup'>
> & {
  env?: Record<string, string>
  /** What name servers say; by default no name exists. */
  dns?: DnsScript
  verifier?: MessageVerifier
}

/** Starts the SMTP listeners on a database, on ports chosen by the system. */
export async function startServer(database: Database, overrides: Overrides = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mairust-mta-'))
  const { env = {}, dns = answerFrom({}), ...parts } = overrides
  const nameServer = await startDnsServer(dns)
  const { config } = loadConfig({
    cwd: folder,
    env: {
      MAIRUST_SERVER__HOSTNAME: 'mx.test.example',
      ...Object.fromEntries(
        ['INBOUND', 'SUBMISSION', 'SUBMISSIONS'].flatMap((name) => [
          [`MAIRUST_SMTP__${name}__PORT`, '0'],
          [`MAIRUST_SMTP__${name}__HOST`, '127.0.0.1'],
        ]),
      ),
      ...env,
    },
  })
  const base = config.storage.backend === 'fs' ? config.storage.options.base_path : folder
  const blobs = parts.blobs ?? (await fsBlobStore(base))
  const indexer: MessageIndexer = parts.indexer ?? createMessageIndexer()
  const verifier: MessageVerifier =
    parts.verifier ?? createMessageVerifier({ dns: { servers: [nameServer.address], timeout_ms: 500 } })
  const signer = createMessageSigner({ database, masterKey: MASTER_KEY, log: { warn: () => undefined } })
  let offset = 0
  const server = { config }
  const smtp = await openSmtp({
    config: () => server.config,
    listeners: ['inbound', 'submission', 'submissions'],
    database,
    blobs,
    indexer,
    verifier,
    signer,
    masterKey: MASTER_KEY,
    keyPair: await loadKeyPair(config),
    login: parts.login ?? passwordLogin(database),
    reverseLookup: parts.reverseLookup ?? (() => Promise.resolve('client.test.example')),
    metrics: parts.metrics ?? createMetrics(),
    log: parts.log ?? createLog({ level: 'silent', format: 'json', component: 'mta' }),
    now: () => Date.now() + offset,
    tarpit: () => Promise.resolve(),
    freeBytes: parts.freeBytes,
    spoolMemory: parts.spoolMemory,
  })
  const listener = (name: string): OpenListener => {
    const found = smtp.listeners.find((candidate) => candidate.listener === name)
    if (found === undefined) throw new Error(`no listener ${name}`)
    return found
  }
  return Object.assign(server, {
    smtp,
    folder,
    blobs,
    database,
    advance: (ms: number) => {
      offset += ms
      for (const { connections } of smtp.listeners) connections.sweep()
    },
    listener,
    client: (options: { greeting?: boolean } = {}) => RawClient.open(listener('inbound').port, options),
    loggedIn: async ({ email }: { email: string }) => {
      const client = await RawClient.open(listener('submissions').port, { tls: true })
      await client.command('EHLO user.example')
      const reply = await client.command(`AUTH PLAIN ${plain(email, PASSWORD)}`)
      if (!reply.startsWith('235')) throw new Error(reply)
      return client
    },
    leftovers: () => readdir(join(base, 'tmp')),
    stop: async () => {
      await smtp.close(0)
      await indexer.close()
      await verifier.close()
      signer.close()
      await nameServer.close()
      await rm(folder, { recursive: true, force: true })
    },
  })
}

/** The AUTH PLAIN response. */
export function plain(email: string, password: string): string {
  return Buffer.from(`\0${email}\0${password}`).toString('base64')
}

function passwordLogin(database: Database): SmtpOptions['login'] {
  const { users } = database.db.tables
  return async ({ username: email, password }) => {
    const rows = await database.db.select().from(users)
    const user = rows.find((row) => row.email === email)
    if (user === undefined || password !== PASSWORD) return { reply: replies.wrongPassword }
    const found: LoginUser = { id: user.id, tenantId: user.tenantId, email: user.email, epoch: user.loginEpoch }
    return { user: found }
  }
}

/** A tenant with an active domain, a user and their mailbox. */
export async function makeWorld(database: Database, quotaBytes: number | null = null) {
  const tenant = await makeTenant(database.db)
  const scope = tenantScope(tenant.id)
  const domain = await makeDomain(database.db, scope)
  const user = await makeUser(database.db, scope, { email: `user@${domain.name}` })
  const mailbox = await makeMailbox(database.db, scope, {
    domainId: domain.id,
    userId: user.id,
    address: user.email,
    quotaBytes,
  })
  return { tenant, scope, domain, user, mailbox, address: mailbox.address }
}

/** The rows of a mailbox, oldest first. */
export async function messagesOf(database: Database, mailboxId: string) {
  const { messages } = database.db.tables
  const rows = await database.db.select().from(messages)
  return rows.filter((row) => row.mailboxId === mailboxId).sort((a, b) => a.seq - b.seq)
}

/** The journeys with this id and all their steps, one per tenant. */
export async function journeysOf(database: Database, id: string) {
  const { journeys } = database.db.tables
  const rows = (await database.db.select().from(journeys)).filter((row) => row.id === id)
  return rows.map((row) => ({ ...row, steps: mergeBehind(row.steps, row.stepsBehind ?? []) }))
}

/** The journey id in a reply. */
export function journeyIn(reply: string): string {
  return /jrn_[0-9a-z]{26}/.exec(reply)?.[0] ?? ''
}

/** A small message with a subject. */
export function makeMessage(subject = 'Hello', body = 'Good day.'): string {
  return `From: sender@remote.example\r\nSubject: ${subject}\r\n\r\n${body}`
}

/** Polls until `check` resolves to something other than false; the test's own timeout ends it. */
export async function eventually<T>(check: () => Promise<T | false>): Promise<T> {
  for (;;) {
    const value = await check()
    if (value !== false) return value
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
