import { tenantScope } from '@mairust/db/queries/scope'
import { tmpdir } from 'node:os'
import { type Config, configSchema } from '@mairust/config'
import { createId, type Database } from '@mairust/db'
import { type BlobStore, memoryBlobStore } from '@mairust/db/blob'
import { insertApiKey } from '@mairust/db/queries/api-key'
import { updateUserRow, type UserRow } from '@mairust/db/queries/user'
import { type ApiKeyScope, SCOPES } from '@mairust/db/schema'
import { makeTenant, makeUser } from '@mairust/db/testing'
import { silentLog } from '@mairust/log'
import { createApi, type Api } from '../api.ts'
import { makeApiKey } from '../auth/api-key.ts'
import type { Runtime } from '../context.ts'
import { createKnownCallers } from '../http/known-callers.ts'
import { createRuntime } from '../runtime.ts'
import { DnsTable } from './dns-table.ts'

/** A password that passes the policy. */
export const PASSWORD = 'a quiet harbour at dawn'
export const ORIGIN = 'http://localhost:8080'

/** The lowest cost that the hashing library allows. */
const CHEAP = { memoryKib: 1024, passes: 1 }

/** An API with a test database, and helpers to use it. */
export interface TestApi {
  api: Api
  runtime: Runtime
  database: Database
  /** The clock, which tests can advance. */
  clock: { now: Date }
  /** The records in DNS. */
  dns: DnsTable
  /** Adds a user with `PASSWORD`, in a tenant of its own unless one is given. */
  user: (values?: Partial<UserRow>, tenantId?: string) => Promise<UserRow>
  /** Creates an API key for a user and returns its text. */
  key: (user: UserRow, scopes?: readonly (ApiKeyScope | ApiKeyScope['scope'])[]) => Promise<string>
  /** Sends a REST request; `as` is an API key or a cookie. */
  send: (method: string, path: string, options?: SendOptions) => Promise<Answer>
}

export interface SendOptions {
  as?: string | undefined
  body?: unknown
  headers?: Record<string, string>
  ip?: string
}

/** Members of JSON objects: most are texts; tests compare others with `toEqual`. */
export type Fields = Record<string, string>

export interface Answer {
  status: number
  headers: Headers
  json: unknown
  /** `data` of a resource. */
  data: Fields
  /** `data` of a list. */
  items: Fields[]
  pagination: { cursor: string | null; has_more: boolean }
  error: { code: string; message: string; details: { field: string; reason: string }[] }
}

export interface TestApiOptions {
  blobs?: BlobStore
  docsScriptPath?: string
  /** Free bytes on the disk. */
  freeBytes?: () => Promise<number>
  config?: Config
}

/** Makes an API with a test database. */
export const makeTestApi = (
  database: Database,
  { blobs = memoryBlobStore(), docsScriptPath, freeBytes, config = configSchema.parse({}) }: TestApiOptions = {},
): TestApi => {
  const clock = { now: new Date() }
  const dns = new DnsTable()
  const options = {
    config,
    database,
    blobs,
    masterKey: Buffer.alloc(32, 7),
    log: silentLog,
    now: () => clock.now,
    openResolver: () => dns,
    freeBytes,
    passwordCost: CHEAP,
    known: createKnownCallers(),
  }
  const api = createApi({ ...options, docsScriptPath, bodyFolder: tmpdir() })
  const runtime = createRuntime(options)
  const hashed = runtime.passwords.hash(PASSWORD)
  return {
    api,
    runtime,
    database,
    clock,
    dns,
    user: async (values = {}, tenantId) => {
      const tenant = tenantId ?? (await makeTenant(database.db)).id
      return makeUser(database.db, tenantScope(tenant), { passwordHash: await hashed, ...values })
    },
    key: async (user, scopes = SCOPES) => {
      const { text, lookup, secretHash } = makeApiKey(runtime.keys)
      await insertApiKey(database.db, tenantScope(user.tenantId), {
        id: createId('key'),
        lookup,
        secretHash,
        name: 'test',
        scopes: scopes.map((scope) => (typeof scope === 'string' ? { scope } : scope)),
        userId: user.id,
        createdBy: user.id,
        madeAs: user.role,
        endedAt: null,
        createdAt: clock.now,
        expiresAt: null,
        lastUsedAt: null,
        lastUsedIp: null,
      })
      return text
    },
    send: (method, path, sendOptions) => send(api, method, path, sendOptions),
  }
}

const send = async (api: Api, method: string, path: string, options: SendOptions = {}): Promise<Answer> => {
  const { as, body, headers = {}, ip = '192.0.2.1' } = options
  const login: Record<string, string> =
    as === undefined
      ? {}
      : as.startsWith('mk_live_')
        ? { authorization: `Bearer ${as}` }
        : { cookie: as, origin: ORIGIN }
  const request = new Request(`${ORIGIN}/api/v1${path}`, {
    method,
    headers: {
      host: 'localhost:8080',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...login,
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const response = await api.rest(request, { ip })
  const text = await response.text()
  const isJson = response.headers.get('content-type') === 'application/json'
  const json: unknown = isJson ? JSON.parse(text) : text
  // Cast: each test expects one of the contract's shapes and reads only its members.
  const { data, pagination, error } = json as { data: Fields & Fields[] } & Pick<Answer, 'pagination' | 'error'>
  return { status: response.status, headers: response.headers, json, data, items: data, pagination, error }
}

/** Signs a user in; returns the Cookie header. */
export const signIn = async (test: TestApi, user: UserRow): Promise<string> => {
  const answer = await test.send('POST', '/auth/login', { body: { email: user.email, password: PASSWORD } })
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

/** Suspends a user directly in the database. */
export const suspend = async (test: TestApi, user: UserRow): Promise<void> => {
  await updateUserRow(test.database.db, tenantScope(user.tenantId), user.id, { suspended: true })
}
