import type { Db } from '@mairust/db'
import { findFolder } from '@mairust/db/queries/folder'
import type { MessageRow } from '@mairust/db/queries/message'
import { type FlagChange, FolderCounts, setFlags } from '@mairust/db/queries/message-change'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, type ErrorCode, notFound } from '../../errors.ts'
import { requireRoleFolder } from './folders.ts'
import { placeMessages } from './place.ts'

/** The result of a change: the messages that it did change, and those that it could not, with the reason. */
export type ChangeResult = { changed: MessageRow[]; failed: { id: string; code: ErrorCode }[] }

/** Sets flags, and updates the unread counts of folders. */
export const flagMessages = async (
  tx: Db,
  ctx: ServiceContext,
  rows: readonly MessageRow[],
  flags: FlagChange,
): Promise<void> => {
  const { seen } = flags
  await setFlags(
    tx,
    scopeOf(ctx),
    rows.map((row) => row.id),
    flags,
  )
  if (seen === undefined) return
  const counts = new FolderCounts()
  for (const row of rows) if (row.seen !== seen) counts.mark(row.folderId, seen)
  await counts.write(tx, scopeOf(ctx))
}

/** Moves messages to the folder of their own mailbox with this id, role or name. */
export const moveMessages = async (
  tx: Db,
  ctx: ServiceContext,
  rows: readonly MessageRow[],
  ref: string,
): Promise<ChangeResult> => {
  const { changed, failed }: ChangeResult = { changed: [], failed: [] }
  for (const [mailboxId, mine] of byMailbox(rows)) {
    const folder = await findFolder(tx, scopeOf(ctx), mailboxId, ref)
    if (folder === null) failed.push(...mine.map((row) => ({ id: row.id, code: 'NOT_FOUND' as const })))
    else changed.push(...(await placeMessages(tx, ctx, mine, folder.id, folder.role === 'trash')))
  }
  return { changed, failed }
}

/** Moves messages to the Trash of their mailbox. */
export const trashMessages = async (
  tx: Db,
  ctx: ServiceContext,
  rows: readonly MessageRow[],
): Promise<ChangeResult> => {
  const changed: MessageRow[] = []
  for (const [mailboxId, mine] of byMailbox(rows)) {
    const trash = await requireRoleFolder(tx, ctx, mailboxId, 'trash')
    changed.push(...(await placeMessages(tx, ctx, mine, trash.id, true)))
  }
  return { changed, failed: [] }
}

/** Moves messages from Trash back to where they were, or to the inbox if that folder is gone. Messages elsewhere fail with CONFLICT. */
export const restoreMessages = async (
  tx: Db,
  ctx: ServiceContext,
  rows: readonly MessageRow[],
): Promise<ChangeResult> => {
  const { changed, failed }: ChangeResult = { changed: [], failed: [] }
  for (const [mailboxId, mine] of byMailbox(rows)) {
    const trash = await requireRoleFolder(tx, ctx, mailboxId, 'trash')
    const inbox = await requireRoleFolder(tx, ctx, mailboxId, 'inbox')
    const targets = new Map<string, MessageRow[]>()
    for (const row of mine) {
      if (row.folderId !== trash.id) {
        failed.push({ id: row.id, code: 'CONFLICT' })
        continue
      }
      const origin =
        row.trashedFromId === null ? null : await findFolder(tx, scopeOf(ctx), mailboxId, row.trashedFromId)
      const target = origin?.id ?? inbox.id
      targets.set(target, [...(targets.get(target) ?? []), row])
    }
    for (const [folderId, some] of targets) changed.push(...(await placeMessages(tx, ctx, some, folderId, false)))
  }
  return { changed, failed }
}

/** Groups rows by mailbox. */
export const byMailbox = (rows: readonly MessageRow[]): Map<string, MessageRow[]> =>
  Map.groupBy(rows, (row) => row.mailboxId)

/**
 * The rows that a change to a single message changed.
 * @throws AppError with the code of the failure, if it failed
 */
export const requireChanged = ({ changed, failed }: ChangeResult, onConflict: string): MessageRow[] => {
  const [first] = failed
  if (first === undefined) return changed
  if (first.code === 'NOT_FOUND') throw notFound('folder')
  throw new AppError(first.code, onConflict)
}
