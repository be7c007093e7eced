import type { Kit } from './kit.ts'
import type { defineMailboxes } from './mailbox.ts'
import { belongsTo, tenantRow } from './shared.ts'

/** Conversations of a mailbox, linked by Message-ID, In-Reply-To and References. */
export const defineThreads = (c: Kit, t: { mailboxes: ReturnType<typeof defineMailboxes> }) =>
  c.table(
    'threads',
    {
      ...tenantRow(c),
      mailboxId: c.id().notNull(),
      subject: c.text().notNull(),
      messageCount: c.int().notNull().default(0),
      lastMessageAt: c.time().notNull(),
    },
    (h) => [
      c.primaryKey({ name: 'threads_pk', columns: [h.tenantId, h.id] }),
      belongsTo(c, 'threads_mailbox_fk', [h.tenantId, h.mailboxId], t.mailboxes).onDelete('cascade'),
      c.index('threads_mailbox_idx').on(h.tenantId, h.mailboxId),
    ],
  )

/** Message-IDs that a thread references but the mailbox does not have yet: a message that arrives with one joins the thread. */
export const defineAwaitedHeaders = (c: Kit, t: { threads: ReturnType<typeof defineThreads> }) =>
  c.table(
    'awaited_headers',
    {
      tenantId: c.id().notNull(),
      mailboxId: c.id().notNull(),
      header: c.text().notNull(),
      threadId: c.id().notNull(),
    },
    (h) => [
      c.primaryKey({ name: 'awaited_headers_pk', columns: [h.tenantId, h.mailboxId, h.header] }),
      belongsTo(c, 'awaited_headers_thread_fk', [h.tenantId, h.threadId], t.threads).onDelete('cascade'),
      c.index('awaited_headers_thread_idx').on(h.tenantId, h.threadId),
    ],
  )
