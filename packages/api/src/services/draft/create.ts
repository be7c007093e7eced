import { createId, type Db } from '@mairust/db'
import { type AcceptFailure, acceptMessages } from '@mairust/db/queries/accept'
import type { MailboxRow } from '@mairust/db/queries/mailbox'
import { findMessage } from '@mairust/db/queries/message'
import { type DraftChanges, internalJourney } from '@mairust/intake/drafts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, notFound } from '../../errors.ts'
import { recorded, verb } from '../../verb/index.ts'
import { orIdOnly } from '../../wire/index.ts'
import { ownMailboxIds } from '../message/own.ts'
import { opener } from './answer.ts'
import { withObjects } from '../with-objects.ts'
import { composeDraft, type ComposedDraft } from './compose.ts'
import { asDraft, toChanges } from './internal.ts'
import { requireDraftMailbox } from './mailbox.ts'
import { createDraftInput, draftSchema } from './schemas.ts'

/**
 * Keeps a draft in the Drafts folder of a mailbox. It may name any author; whether the author may send is asked when it is sent.
 * @throws AppError FORBIDDEN, NOT_FOUND for the mailbox, VALIDATION_ERROR, CONFLICT when the mailbox is full, PAYLOAD_TOO_LARGE,
 * UNAVAILABLE
 */
export const createDraft = verb({
  permission: 'message:write',
  input: createDraftInput,
  output: orIdOnly(draftSchema),
  audit: { action: 'draft.create', target: 'message' },
  run: async (ctx, { mailbox: wanted, ...input }, commit) => {
    const mailbox = await requireDraftMailbox(ctx, { mailbox: wanted, from: input.from })
    const composed = await composeDraft(ctx, null, firstOf(mailbox, toChanges(input)))
    return withObjects(ctx, [composed.object.blobKey], async (reached) => {
      const answer = await opener(ctx, mailbox.id, composed)
      const id = createId('msg')
      return commit(async (tx) => {
        await insertDraft(tx, ctx, mailbox, id, composed)
        const row = asDraft(await findMessage(tx, { ...scopeOf(ctx), mailboxIds: [mailbox.id] }, id))
        const told = await answer(tx, row)
        await ctx.witness?.(tx, { targetId: id })
        const isOwn = (await ownMailboxIds(tx, ctx)).includes(mailbox.id)
        reached()
        return recorded(told, ...(isOwn ? [] : [{ targetId: id, after: { mailbox_id: mailbox.id } }]))
      })
    })
  },
})

/** Everything of a new draft, from its mailbox unless said. */
export const firstOf = ({ address, displayName }: MailboxRow, changes: DraftChanges): DraftChanges => ({
  ...changes,
  from: changes.from === undefined ? { name: displayName, address } : changes.from,
  text: changes.text ?? null,
  html: changes.html ?? null,
  attachments: changes.attachments ?? [],
})

/** Writes the row of a new draft. @throws AppError CONFLICT, NOT_FOUND */
export const insertDraft = async (
  tx: Db,
  ctx: ServiceContext,
  mailbox: MailboxRow,
  messageId: string,
  { object }: ComposedDraft,
): Promise<void> => {
  const { actor, now } = ctx
  const { tenantId, id: mailboxId, address } = mailbox
  const journey = internalJourney({
    tenantId,
    address,
    sender: address,
    startedAt: now(),
    name: 'draft',
    detail: actor.name,
    reply: 'saved as a draft',
  })
  const copy = {
    tenantId,
    mailboxId,
    messageId,
    folderRole: 'drafts',
    receivedAt: now(),
    seen: true,
    draft: true,
  } as const
  const { failures } = await acceptMessages(tx, [{ journey, objects: [{ ...object, copies: [copy] }] }], ctx.changes)
  const [failure] = failures
  if (failure !== undefined) throw REFUSALS[failure.reason]()
}

/** The error for a mailbox that has no room for a draft. */
export const mailboxFull = (): AppError =>
  new AppError('CONFLICT', 'The mailbox is full. Remove messages from it for good, or have its quota raised.')

const REFUSALS: Record<AcceptFailure['reason'], () => AppError> = {
  over_quota: mailboxFull,
  too_large: () => new AppError('CONFLICT', 'The draft is larger than all that the mailbox may hold.'),
  no_mailbox: () => notFound('mailbox'),
  suspended: () => new AppError('CONFLICT', 'The mailbox is suspended and takes no messages.'),
  over_limit: () => new AppError('RATE_LIMITED', 'You have sent to as many recipients as you may for now.'),
}
