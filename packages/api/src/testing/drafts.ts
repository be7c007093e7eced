import type { Database } from '@mairust/db'
import { updateMailboxRow } from '@mairust/db/queries/mailbox'
import { findMessage, type MessageRow } from '@mairust/db/queries/message'
import { tenantScope } from '@mairust/db/queries/scope'
import type { ServiceContext } from '../context.ts'
import { createDraft, type DraftWire } from '../services/draft/index.ts'
import { getAttachment, listMessages } from '../services/message/index.ts'
import { makeMailWorld, type MailWorld } from './mail.ts'

/** A file for a draft. */
export const textFile = (filename: string, content: string) => ({
  filename,
  content_type: 'text/plain',
  content: Buffer.from(content).toString('base64'),
})

/** A mailbox, whose owner writes drafts, and eyes to look behind the API. */
export interface DraftWorld {
  world: MailWorld
  /** As the owner. */
  ctx: ServiceContext
  create: (input?: Parameters<typeof createDraft>[1], as?: ServiceContext) => Promise<DraftWire>
  rowOf: (id: string) => Promise<MessageRow | null>
  /** How many objects are stored. */
  objects: () => Promise<number>
  /** What a search finds. */
  found: (q: string) => Promise<string[]>
  /** The text of an attachment. */
  contentOf: (id: string, n: number) => Promise<string>
  setQuota: (quotaBytes: number) => Promise<unknown>
}

/** Makes a world of its own in a test database; its `drafts` are to be closed. */
export const makeDraftWorld = async (database: Database): Promise<DraftWorld> => {
  const world = await makeMailWorld(database)
  const { ctx, mailbox, runtime } = world
  const scope = tenantScope(mailbox.tenantId)
  return {
    world,
    ctx,
    create: async (input = {}, as = ctx) => {
      const made = await createDraft(as, input)
      if (!('subject' in made)) throw new Error('an id alone')
      return made
    },
    rowOf: (id) => findMessage(database.db, { ...scope, mailboxIds: 'all' }, id),
    objects: async () => {
      let count = 0
      for await (const key of runtime.blobs.list(new Date(Date.now() + 60_000))) if (key !== '') count += 1
      return count
    },
    found: async (q) => (await listMessages(ctx, { q })).data.map(({ id }) => id),
    contentOf: async (id, n) => {
      const chunks: Buffer[] = []
      const content = await (await getAttachment(ctx, { id, n: String(n) })).open()
      for await (const chunk of content) chunks.push(chunk as Buffer)
      return Buffer.concat(chunks).toString()
    },
    setQuota: (quotaBytes) =>
      database.db.transaction((tx) => updateMailboxRow(tx, scope, mailbox.id, { quotaBytes, updatedAt: new Date() })),
  }
}
