import { tenantScope } from '@mairust/db/queries/scope'
import { createId, type Database } from '@mairust/db'
import { type BlobStore, blobKey, memoryBlobStore } from '@mairust/db/blob'
import { acceptMessages, type AcceptCopy } from '@mairust/db/queries/accept'
import type { MailboxRow } from '@mairust/db/queries/mailbox'
import type { UserRow } from '@mairust/db/queries/user'
import type { Role } from '@mairust/db/schema'
import { makeItem, makeMailbox, makeTenant, makeUser } from '@mairust/db/testing'
import { configSchema } from '@mairust/config'
import { buildIndex } from '@mairust/mail-core/message'
import { silentLog } from '@mairust/log'
import { userActor, WHOLE_TENANT, type AccessScope } from '../access/index.ts'
import type { Runtime, ServiceContext } from '../context.ts'
import { createRenderer } from '../render/renderer.ts'
import { createRenderWorkers } from '../render/workers.ts'
import { createRuntime } from '../runtime.ts'

/** Shared by all worlds of a test file, so that their workers do not add up. */
const workers = createRenderWorkers()

/** A runtime with a test database and blobs in memory. */
export function testRuntime(database: Database, blobs: BlobStore = memoryBlobStore()): Runtime {
  return createRuntime({
    config: configSchema.parse({}),
    database,
    blobs,
    masterKey: Buffer.alloc(32, 7),
    log: silentLog,
    renderer: createRenderer({ blobs, workers }),
  })
}

/** The context in which a user calls verbs. */
export function contextOf(runtime: Runtime, user: UserRow, mailboxIds: AccessScope['mailboxIds']): ServiceContext {
  return {
    ...runtime,
    requestId: 'req_test',
    ip: '192.0.2.10',
    actor: userActor(user, { ...WHOLE_TENANT, mailboxIds, domainIds: user.role === 'user' ? [] : 'all' }, null),
  }
}

/** A tenant with a user who has a mailbox, and helpers for tests. */
export type MailWorld = {
  runtime: Runtime
  user: UserRow
  mailbox: MailboxRow
  /** The context of the user, who sees only the mailbox. */
  ctx: ServiceContext
  /** The context of another user of the tenant: an administrator, or one who sees these mailboxes. */
  as: (role: Role, mailboxIds?: string[]) => Promise<ServiceContext>
  /** Delivers a message to the mailbox; returns the id of the copy. */
  deliver: (source: string | Buffer, copy?: Partial<AcceptCopy>) => Promise<string>
}

/** Makes a new world in a test database. */
export async function makeMailWorld(database: Database): Promise<MailWorld> {
  const runtime = testRuntime(database)
  const { db } = database
  const tenant = await makeTenant(db)
  const scope = tenantScope(tenant.id)
  const user = await makeUser(db, scope)
  const mailbox = await makeMailbox(db, scope, { userId: user.id })
  return {
    runtime,
    user,
    mailbox,
    ctx: contextOf(runtime, user, [mailbox.id]),
    as: async (role, mailboxIds) =>
      contextOf(runtime, await makeUser(db, scope, { role }), mailboxIds ?? (role === 'user' ? [] : 'all')),
    deliver: (source, copy) => deliver(database, runtime, mailbox, source, copy),
  }
}

/** Delivers a message to a mailbox as SMTP does: first the object, then the row. */
export async function deliver(
  database: Database,
  runtime: Runtime,
  mailbox: MailboxRow,
  source: string | Buffer,
  copy: Partial<AcceptCopy> = {},
): Promise<string> {
  const raw = Buffer.isBuffer(source) ? source : Buffer.from(source.replaceAll(/\r?\n/g, '\r\n'))
  const key = blobKey(new Date())
  const stored = await runtime.blobs.put(key, raw)
  const messageId = createId('msg')
  const item = makeItem(mailbox, { blobKey: key, ...stored, index: buildIndex(raw), copy: { messageId, ...copy } })
  const { failures } = await database.db.transaction((tx) => acceptMessages(tx, [item], database.changes))
  if (failures[0] !== undefined) throw new Error(`not accepted: ${failures[0].reason}`)
  return messageId
}
