import { findMailbox, findMailboxIds, type MailboxRow } from '@mairust/db/queries/mailbox'
import { findMailboxId } from '@mairust/db/queries/mailbox-address'
import { normaliseAddress } from '@mairust/mail-core/address'
import { accessScope, canSeeMailbox } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { invalidField, orNotFound } from '../../errors.ts'
import { mailScope, requireMailboxId } from '../message/internal.ts'
import type { CreateDraftInput } from './schemas.ts'

/**
 * The mailbox of a new draft: the one that is named, else the one whose address it is from, else the only one of the actor's own.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR when there is none, or more than one
 */
export const requireDraftMailbox = async (
  ctx: ServiceContext,
  { mailbox, from }: Pick<CreateDraftInput, 'mailbox' | 'from'>,
): Promise<MailboxRow> => {
  const id =
    mailbox === undefined
      ? ((await mailboxOf(ctx, from)) ?? (await onlyMailbox(ctx)))
      : await requireMailboxId(ctx, mailbox, 'message:write')
  return orNotFound(await findMailbox(ctx.db, scopeOf(ctx), id), 'mailbox')
}

const mailboxOf = async (ctx: ServiceContext, from: CreateDraftInput['from']): Promise<string | null> => {
  const address = from === undefined || from === null ? null : normaliseAddress(from.address)
  return address === null ? null : findMailboxId(ctx.db, mailScope(ctx, 'message:write'), { address })
}

const onlyMailbox = async (ctx: ServiceContext): Promise<string> => {
  const { userId } = ctx.actor
  const { mailboxIds } = accessScope(ctx, 'message:write')
  const own =
    userId !== null
      ? (await findMailboxIds(ctx.db, scopeOf(ctx), { userId })).filter((id) => canSeeMailbox(ctx, 'message:write', id))
      : Array.isArray(mailboxIds)
        ? (mailboxIds as readonly string[])
        : []
  const [only, ...others] = own
  if (only !== undefined && others.length === 0) return only
  const why = only === undefined ? 'you have no mailbox of your own' : 'you have several mailboxes'
  throw invalidField('mailbox', `is required: ${why}. Give the id or address of the mailbox`)
}
