import { tenantScope } from '../queries/scope.ts'
import { and, asc, eq } from 'drizzle-orm'
import { acceptMessages, type AcceptItem } from '../queries/accept.ts'
import { listFolders } from '../queries/folder.ts'
import type { TestDatabase } from './databases.ts'
import { makeMailbox, makeScope } from './factories.ts'

type Place = { tenantId: string; id: string }

/** Helpers for tests of receiving: create a mailbox in its own tenant, accept items, and look at what is stored. */
export const receiving = (get: () => TestDatabase) => ({
  newMailbox: async (quotaBytes: number | null = null) =>
    makeMailbox(get().db, await makeScope(get().db), { quotaBytes }),
  accept: (items: AcceptItem[]) => get().db.transaction((tx) => acceptMessages(tx, items, get().changes)),
  messagesOf: (mailbox: Place) => {
    const { messages } = get().db.tables
    return get()
      .db.select()
      .from(messages)
      .where(and(eq(messages.tenantId, mailbox.tenantId), eq(messages.mailboxId, mailbox.id)))
      .orderBy(asc(messages.seq))
  },
  inboxOf: async (mailbox: Place) =>
    (await listFolders(get().db, tenantScope(mailbox.tenantId), mailbox.id)).find(({ role }) => role === 'inbox'),
})
