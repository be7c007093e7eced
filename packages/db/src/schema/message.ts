import type { CheckSummary } from '@mairust/mail-core/auth'
import { INDEX_VERSION } from '@mairust/mail-core/message'
import type { defineFolders } from './folder.ts'
import type { Kit } from './kit.ts'
import type { defineMailboxes } from './mailbox.ts'
import type { StoredAddress } from './shared.ts'
import { belongsTo, tenantRow } from './shared.ts'
import type { defineThreads } from './thread.ts'

/** Results of authentication checks, as the wire shows them. Every text has passed `toStoredText`. */
export interface StoredAuthentication {
  spf: string
  dkim: string
  dmarc: string
  arc: string
  /** Why the message was filed in Junk; absent when it was not. */
  junkReason?: string
  /** What each check found out. */
  checks?: readonly CheckSummary[]
}

/** Matches messages to be indexed again. Only this exact text makes queries use the partial index. */
export const IS_OUTDATED = `index_version < ${INDEX_VERSION}`

/**
 * One message in one mailbox. Recipients of one SMTP transaction get a row each and share its blob (`blobKey`).
 * The row has what lists, search and threading need; everything else is read from the blob.
 */
export const defineMessages = (
  c: Kit,
  t: {
    mailboxes: ReturnType<typeof defineMailboxes>
    folders: ReturnType<typeof defineFolders>
    threads: ReturnType<typeof defineThreads>
  },
) =>
  c.table(
    'messages',
    {
      ...tenantRow(c),
      /** Ascending position in the whole database: the rowid of the search index on SQLite. */
      seq: c.size().notNull(),
      mailboxId: c.id().notNull(),
      folderId: c.id().notNull(),
      threadId: c.id().notNull(),
      journeyId: c.id().notNull(),
      blobKey: c.text().notNull(),
      size: c.size().notNull(),
      sha256: c.text().notNull(),
      subject: c.text().notNull(),
      preview: c.text().notNull(),
      fromName: c.text().notNull(),
      fromAddress: c.text().notNull(),
      recipients: c.json<StoredAddress[]>().notNull(),
      /** Without angle brackets; its hex SHA-256 when longer than 255 characters. */
      messageIdHeader: c.text(),
      /** The Date field; null when absent or unreadable. */
      date: c.time(),
      receivedAt: c.time().notNull(),
      seen: c.bool().notNull().default(false),
      starred: c.bool().notNull().default(false),
      answered: c.bool().notNull().default(false),
      draft: c.bool().notNull().default(false),
      hasAttachments: c.bool().notNull().default(false),
      spamScore: c.real(),
      parseError: c.text(),
      /** The `INDEX_VERSION` that produced its search tokens and the columns read from the message. */
      indexVersion: c.int().notNull().default(0),
      authentication: c.json<StoredAuthentication>(),
      /** The folder it was in before Trash, for restoring. */
      trashedFromId: c.id(),
      trashedAt: c.time(),
      /** Identifies the message in later imports; null when it was not imported. */
      importKey: c.text(),
    },
    (m) => [
      c.primaryKey({ name: 'messages_pk', columns: [m.tenantId, m.id] }),
      belongsTo(c, 'messages_mailbox_fk', [m.tenantId, m.mailboxId], t.mailboxes),
      belongsTo(c, 'messages_folder_fk', [m.tenantId, m.folderId], t.folders),
      belongsTo(c, 'messages_thread_fk', [m.tenantId, m.threadId], t.threads),
      c.uniqueIndex('messages_seq_key').on(m.seq),
      c.index('messages_folder_idx').on(m.tenantId, m.folderId, m.receivedAt, m.id),
      c.index('messages_mailbox_idx').on(m.tenantId, m.mailboxId, m.receivedAt, m.id),
      c.index('messages_tenant_idx').on(m.tenantId, m.receivedAt, m.id),
      c
        .index('messages_unseen_idx')
        .on(m.tenantId, m.mailboxId, m.receivedAt, m.id)
        .where(c.sql`not seen`),
      c
        .index('messages_starred_idx')
        .on(m.tenantId, m.mailboxId, m.receivedAt, m.id)
        .where(c.sql`starred`),
      c
        .index('messages_drafts_idx')
        .on(m.tenantId, m.mailboxId, m.receivedAt, m.id)
        .where(c.sql`draft`),
      c
        .index('messages_attachments_idx')
        .on(m.tenantId, m.mailboxId, m.receivedAt, m.id)
        .where(c.sql`has_attachments`),
      c.index('messages_thread_idx').on(m.tenantId, m.threadId, m.receivedAt),
      c.index('messages_header_idx').on(m.tenantId, m.mailboxId, m.messageIdHeader),
      c.index('messages_journey_idx').on(m.tenantId, m.journeyId),
      c.index('messages_blob_idx').on(m.blobKey),
      c
        .uniqueIndex('messages_import_key')
        .on(m.tenantId, m.mailboxId, m.importKey)
        .where(c.sql`import_key is not null`),
      c
        .index('messages_trashed_idx')
        .on(m.trashedAt)
        .where(c.sql`trashed_at is not null`),
      c.index('messages_outdated_idx').on(m.tenantId, m.mailboxId, m.seq).where(c.sql.raw(IS_OUTDATED)),
    ],
  )
