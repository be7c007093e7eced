import { tenantScope, type TenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import type { FolderRow } from '@mairust/db/queries/folder'
import { foldersById } from '@mairust/db/queries/folder-edit'
import { findMailboxId } from '@mairust/db/queries/mailbox-address'
import { findMessage, type MailboxScope, type MessageRow } from '@mairust/db/queries/message'
import { tagsOfMessages } from '@mairust/db/queries/tag'
import { normaliseAddress } from '@mairust/mail-core/address'
import { isId } from '@mairust/mail-core/id'
import { accessScope, type Permission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { notFound, orNotFound } from '../../errors.ts'
import { wireTime, wireTimeOrNull } from '../../wire/index.ts'
import type { MessageWire } from './schemas.ts'

/** Permissions for mail and data about it. */
type MailPermission = Extract<Permission, `${'message' | 'folder' | 'tag' | 'journey'}:${string}`>

/** The mailboxes for which the actor has the permission. */
export const mailScope = (
  ctx: Pick<ServiceContext, 'actor'>,
  permission: MailPermission = 'message:read',
): MailboxScope => ({
  ...scopeOf(ctx),
  mailboxIds: accessScope(ctx, permission).mailboxIds,
})

/**
 * The mailbox with this id or address, if the actor has the permission for it.
 * @throws AppError NOT_FOUND
 */
export const requireMailboxId = async (
  ctx: ServiceContext,
  idOrAddress: string,
  permission?: MailPermission,
): Promise<string> => {
  const wanted = isId(idOrAddress, 'mbx')
    ? { id: idOrAddress }
    : { address: normaliseAddress(idOrAddress) ?? idOrAddress }
  return orNotFound(await findMailboxId(ctx.db, mailScope(ctx, permission), wanted), 'mailbox')
}

/** Who opens mail: the renderer takes turns between readers, and grants the URLs in a rendered message to them. */
export const readerOf = ({ actor }: Pick<ServiceContext, 'actor'>): { tenantId: string; userId: string } => ({
  tenantId: actor.tenantId,
  userId: actor.userId ?? 'system',
})

/**
 * Finds a message for which the actor has the permission.
 * @throws AppError NOT_FOUND
 */
export const requireMessage = async (
  db: Db,
  ctx: ServiceContext,
  id: string,
  permission: MailPermission = 'message:read',
): Promise<MessageRow> => {
  const row = await findMessage(db, mailScope(ctx, permission), id)
  if (row === null) throw notFound('message')
  return row
}

/** A folder on the wire: its role, or its name if it has no role. `?folder=` takes either. */
export const folderLabel = (folder: Pick<FolderRow, 'role' | 'name'> | undefined): string =>
  folder?.role ?? folder?.name ?? ''

/** The one place where messages' rows become their wire form. It reads tags and folders for all messages at once. */
export const toMessageWires = async (
  db: Db,
  scope: TenantScope,
  rows: readonly MessageRow[],
): Promise<MessageWire[]> => {
  const [tags, folders] = await Promise.all([
    tagsOfMessages(
      db,
      scope,
      rows.map((row) => row.id),
    ),
    foldersById(
      db,
      scope,
      rows.map((row) => row.folderId),
    ),
  ])
  return rows.map((row) => ({
    id: row.id,
    mailbox_id: row.mailboxId,
    folder: folderLabel(folders.get(row.folderId)),
    folder_id: row.folderId,
    thread_id: row.threadId,
    from: { name: row.fromName, address: row.fromAddress },
    to: row.recipients.map(({ name, address }) => ({ name, address })),
    subject: row.subject,
    preview: row.preview,
    date: wireTimeOrNull(row.date),
    received_at: wireTime(row.receivedAt),
    size: row.size,
    seen: row.seen,
    starred: row.starred,
    answered: row.answered,
    draft: row.draft,
    tags: tags.get(row.id) ?? [],
    has_attachments: row.hasAttachments,
    spam_score: row.spamScore,
  }))
}

/** One message's wire form, with its current tags and folder. */
export const toMessageWire = async (db: Db, row: MessageRow): Promise<MessageWire> => {
  const [wire] = await toMessageWires(db, tenantScope(row.tenantId), [row])
  if (wire === undefined) throw notFound('message')
  return wire
}
