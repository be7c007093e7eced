import { insertRows } from '../dialect/bulk.ts'
import type { Db } from '../client/db.ts'
import { nextSeq } from '../dialect/message-rows.ts'
import { insertSearch } from '../dialect/search.ts'
import { countInFolders } from './accept-folders.ts'
import { threadsFor } from './accept-threads.ts'
import type { Placed } from './accept-types.ts'
import { indexedColumns } from './indexed-columns.ts'

/** Writes the rows of accepted copies: folder counters, threads, messages, tags, search index. */
export async function acceptCopies(tx: Db, placed: readonly Placed[]): Promise<void> {
  const folderOf = await countInFolders(
    tx,
    placed.map(({ copy }) => copy),
  )
  const threadOf = await threadsFor(tx, placed)
  const positions = await nextSeq(tx, placed.length)
  const rows = placed.map((entry, at) => {
    const { journey, copy } = entry
    const folder = folderOf(copy)
    return {
      tenantId: copy.tenantId,
      id: copy.messageId,
      seq: positions[at] ?? 0,
      mailboxId: copy.mailboxId,
      folderId: folder.id,
      threadId: threadOf(entry),
      ...contentOf(entry),
      receivedAt: copy.receivedAt,
      seen: copy.seen ?? false,
      starred: copy.starred ?? false,
      answered: copy.answered ?? false,
      draft: copy.draft ?? false,
      trashedFromId: null,
      // Counts from now, however old the message is.
      trashedAt: folder.isTrash ? journey.startedAt : null,
      importKey: copy.importKey ?? null,
    }
  })
  await insertRows(tx, tx.tables.messages, rows)
  await insertRows(
    tx,
    tx.tables.messageTags,
    placed.flatMap(({ copy: { tenantId, messageId, tagIds = [] } }) =>
      tagIds.map((tagId) => ({ tenantId, messageId, tagId })),
    ),
  )
  await insertSearch(
    tx,
    placed.map(({ object, copy }, at) => ({
      tenantId: copy.tenantId,
      id: copy.messageId,
      seq: positions[at] ?? 0,
      tokens: object.index.search,
    })),
  )
}

/** The columns that all copies of an object share. */
function contentOf({ journey, object }: Placed) {
  const { blobKey, size, sha256, index, spamScore, authentication } = object
  return {
    journeyId: journey.id,
    blobKey,
    size,
    sha256,
    ...indexedColumns(index),
    spamScore: spamScore ?? null,
    authentication: authentication ?? null,
  }
}
