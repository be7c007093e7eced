import { tenantScope } from '../queries/scope.ts'
import { INDEX_VERSION } from '@mairust/mail-core/message'
import { insertRows } from '../dialect/bulk.ts'
import type { Db } from '../client/db.ts'
import { createId } from '../id.ts'
import { listFolders } from '../queries/folder.ts'
import type { MailboxRow } from '../queries/mailbox.ts'

/**
 * Fills a mailbox's inbox with bare rows: no blobs, no journeys, no search index. Three at a time share a reception time, so that
 * the order depends on ids too. Returns the ids, newest first.
 */
export async function fillMailbox(db: Db, mailbox: MailboxRow, count: number, from: Date): Promise<string[]> {
  const { tenantId, id: mailboxId } = mailbox
  const inbox = (await listFolders(db, tenantScope(tenantId), mailboxId)).find(({ role }) => role === 'inbox')
  if (inbox === undefined) throw new Error('the mailbox has no inbox')
  const threadId = createId('thr')
  await db
    .insert(db.tables.threads)
    .values({ tenantId, id: threadId, mailboxId, subject: 'Bulk', messageCount: count, lastMessageAt: from })
  const rows = Array.from({ length: count }, (_, at) => ({
    tenantId,
    id: createId('msg'),
    // Below all real positions.
    seq: at - count,
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
    answered: false,
    draft: false,
    hasAttachments: at % 500 === 0,
    messageIdHeader: null,
    date: null,
    spamScore: null,
    parseError: null,
    indexVersion: INDEX_VERSION,
    authentication: null,
    trashedFromId: null,
    trashedAt: null,
    importKey: null,
  }))
  await db.transaction((tx) => insertRows(tx, tx.tables.messages, rows))
  return rows.map(({ id }) => id).reverse()
}
