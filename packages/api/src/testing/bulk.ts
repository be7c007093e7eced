import { createId, type Database } from '@mairust/db'
import { listFolders } from '@mairust/db/queries/folder'
import type { MailboxRow } from '@mairust/db/queries/mailbox'

/** Rows of one statement. */
const CHUNK = 500

/**
 * Fills a mailbox's inbox with rows alone: no objects, no journeys, no search index. Three at a time share a moment of reception, so
 * that order depends on ids too. Gives the ids, newest first.
 */
export async function fillMailbox({ db }: Database, mailbox: MailboxRow, count: number, from: Date): Promise<string[]> {
  const { tenantId, id: mailboxId } = mailbox
  const inbox = (await listFolders(db, { tenantId }, mailboxId)).find(({ role }) => role === 'inbox')
  if (inbox === undefined) throw new Error('the mailbox has no inbox')
  const threadId = createId('thr')
  await db
    .insert(db.tables.threads)
    .values({ tenantId, id: threadId, mailboxId, subject: 'Bulk', messageCount: count, lastMessageAt: from })
  const rows = Array.from({ length: count }, (_, at) => ({
    tenantId,
    id: createId('msg'),
    seq: at + 1,
    mailboxId,
    folderId: inbox.id,
    threadId,
    journeyId: createId('jrn'),
    blobKey: `bulk/${at}`,
    size: 1000,
    sha256: '',
    subject: `Message ${at}`,
    preview: 'One of many',
    fromName: '',
    fromAddress: 'bulk@example.net',
    recipients: [{ name: '', address: mailbox.address }],
    receivedAt: new Date(from.getTime() + Math.floor(at / 3)),
    seen: at % 2 === 0,
    starred: at % 1000 === 0,
    hasAttachments: at % 500 === 0,
  }))
  for (let start = 0; start < rows.length; start += CHUNK) {
    const chunk = rows.slice(start, start + CHUNK)
    await db.transaction(async (tx) => void (await tx.insert(tx.tables.messages).values(chunk)))
  }
  return rows.map(({ id }) => id).reverse()
}
