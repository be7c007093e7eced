import type { Db } from '@mairust/db'
import type { MessageRow } from '@mairust/db/queries/message'
import { type FlagChange, setFlags } from '@mairust/db/queries/message-change'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, type ErrorCode, notFound } from '../../errors.ts'
import { findFolderRef, requireRoleFolder } from './folders.ts'
import { FolderCounts, placeMessages } from './place.ts'

/** A change to messages that are locked: which of them it could not be made to, and why. */
export type ChangeResult = { failed: { id: string; code: ErrorCode }[] }

const NONE: ChangeResult = { failed: [] }

/** Sets flags, with the counts of unseen. */
export const flagMessages = async (
  tx: Db,
  ctx: ServiceContext,
  rows: readonly MessageRow[],
  flags: FlagChange,
): Promise<ChangeResult> => {
  const { seen } = flags
  await setFlags(
    tx,
    scopeOf(ctx),
    rows.map((row) => row.id),
    flags,
  )
  if (seen === undefined) return NONE
  const counts = new FolderCounts()
  for (const row of rows) if (row.seen !== seen) counts.mark(row.folderId, seen)
  await counts.write(tx, scopeOf(ctx))
  return NONE
}

/** Moves messages to the folder of their own mailbox with this id, role or name. */
export const moveMessages = async (
  tx: Db,
  ctx: ServiceContext,
  rows: readonly MessageRow[],
  ref: string,
): Promise<ChangeResult> => {
  const failed: ChangeResult['failed'] = []
  for (const [mailboxId, mine] of byMailbox(rows)) {
    const folder = await findFolderRef(tx, ctx, mailboxId, ref)
    if (folder === null) failed.push(...mine.map((row) => ({ id: row.id, code: 'NOT_FOUND' as const })))
    else await placeMessages(tx, ctx, mine, folder.id, folder.role === 'trash')
  }
  return { failed }
}

/** Moves messages to the Trash of their mailbox. */
export const trashMessages = async (
  tx: Db,
  ctx: ServiceContext,
  rows: readonly MessageRow[],
): Promise<ChangeResult> => {
  for (const [mailboxId, mine] of byMailbox(rows)) {
    const trash = await requireRoleFolder(tx, ctx, mailboxId, 'trash')
    await placeMessages(tx, ctx, mine, trash.id, true)
  }
  return NONE
}

/** Moves messages from Trash back to where they were, or to the inbox when that folder is gone. Others fail as CONFLICT. */
export const restoreMessages = async (
  tx: Db,
  ctx: ServiceContext,
  rows: readonly MessageRow[],
): Promise<ChangeResult> => {
  const failed: ChangeResult['failed'] = []
  for (const [mailboxId, mine] of byMailbox(rows)) {
    const trash = await requireRoleFolder(tx, ctx, mailboxId, 'trash')
    const inbox = await requireRoleFolder(tx, ctx, mailboxId, 'inbox')
    const targets = new Map<string, MessageRow[]>()
    for (const row of mine) {
      if (row.folderId !== trash.id) {
        failed.push({ id: row.id, code: 'CONFLICT' })
        continue
      }
      const origin = row.trashedFromId === null ? null : await findFolderRef(tx, ctx, mailboxId, row.trashedFromId)
      const target = origin?.id ?? inbox.id
      targets.set(target, [...(targets.get(target) ?? []), row])
    }
    for (const [folderId, some] of targets) await placeMessages(tx, ctx, some, folderId, false)
  }
  return { failed }
}

/** Rows by the mailbox they are in. */
export const byMailbox = (rows: readonly MessageRow[]): Map<string, MessageRow[]> =>
  Map.groupBy(rows, (row) => row.mailboxId)

/**
 * Throws what a change of one message failed with.
 * @throws AppError of the failure's code
 */
export const requireChanged = ({ failed }: ChangeResult, onConflict: string): void => {
  const [first] = failed
  if (first === undefined) return
  if (first.code === 'NOT_FOUND') throw notFound('folder')
  throw new AppError(first.code, onConflict)
}
