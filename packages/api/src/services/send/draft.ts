import { createId } from '@mairust/db'
import { removeBlobs } from '@mairust/db/blob'
import type { MessageRow } from '@mairust/db/queries/message'
import type { SubmittedMessage } from '@mairust/intake/drafts'
import type { Address } from '@mairust/mail-core/address'
import { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'
import { type Commit, verb } from '../../verb/index.ts'
import { asDraft, requireDraft } from '../draft/internal.ts'
import { purgeMessages } from '../message/purge.ts'
import { readStored, SavedAnewError } from '../message/stored.ts'
import { changeMessages } from '../message/transact.ts'
import { withObjects } from '../with-objects.ts'
import { handIn, type HandedIn } from './hand-in.ts'
import { namedIn, type NamedRecipient, requireDestinations } from './recipients.ts'
import { plan, type Planned, requireSendAt } from './schedule.ts'
import { sendDraftInput, sentSchema, type SentWire } from './schemas.ts'
import { requireSender } from './sender.ts'
import { writeMessage } from './write.ts'

const AUDIT = { action: 'draft.send', target: 'mailbox' } as const
/** How often a draft is read again because it was saved meanwhile. */
const ATTEMPTS = 4

/**
 * Sends a draft to those whom it names, as it is now; at once, or at a time. It leaves Drafts in the transaction that takes the message.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, RATE_LIMITED, CONFLICT, PAYLOAD_TOO_LARGE, UNAVAILABLE
 */
export const sendDraft = verb({
  permission: 'message:send',
  input: sendDraftInput,
  output: sentSchema,
  audit: AUDIT,
  run: (ctx, { id, save_copy: saveCopy = true, send_at: sendAt }, commit) => {
    requirePermission(ctx, 'message:write')
    return unlessChanged(ctx, { id, saveCopy, at: sendAt === undefined ? null : requireSendAt(ctx, sendAt) }, commit)
  },
})

/** Sends a draft that was scheduled, unless it was changed since. @throws AppError as `sendDraft` does */
export const sendPlannedDraft = verb({
  permission: 'message:send',
  input: z.strictObject({ id: z.string(), blob_key: z.string(), journey_id: z.string(), save_copy: z.boolean() }),
  output: sentSchema,
  audit: AUDIT,
  run: (ctx, { id, blob_key: blobKey, journey_id: journeyId, save_copy: saveCopy }, commit) =>
    unlessChanged(ctx, { id, saveCopy, at: null, journeyId, blobKey }, commit),
})

interface Wanted {
  readonly id: string
  readonly saveCopy: boolean
  /** null: at once. */
  readonly at: Date | null
  readonly journeyId?: string
  /** The draft as it must still be. */
  readonly blobKey?: string
}

const unlessChanged = async (ctx: ServiceContext, wanted: Wanted, commit: Commit<'draft.send'>): Promise<SentWire> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const sent = await trySend(ctx, wanted, commit).catch((error: unknown) => {
      if (error instanceof SavedAnewError) return null
      throw error
    })
    if (sent !== null) return sent
  }
  throw new AppError('CONFLICT', 'This draft is being changed by somebody else. Try again.', { retryAfter: 1 })
}

/** Sends the draft; null when it has become another since it was read. */
const trySend = async (
  ctx: ServiceContext,
  { id, saveCopy, at, journeyId, blobKey }: Wanted,
  commit: Commit<'draft.send'>,
): Promise<SentWire | null> => {
  const row = await requireDraft(ctx, id, 'message:write')
  if (blobKey !== undefined && row.blobKey !== blobKey) {
    throw new AppError('FORBIDDEN', 'The draft was changed after it was scheduled: schedule it again.')
  }
  const draft = await readStored(ctx, row, () => ctx.blobs.read(row.blobKey))
  const message = await writeMessage(ctx, { draft }, 'from')
  const [from] = message.authors
  const sender = await requireSender(ctx, from, message.authors)
  const recipients = await requireDestinations(ctx, recipientsIn(message), message.header.length + message.body.length)
  if (at !== null) {
    const planned = { at, sender, recipients, saveCopy, messageId: message.index.messageId, journeyId: createId('jrn') }
    return planDraft(ctx, row, planned, commit)
  }
  const handed = await handIn(ctx, { sender, from, message, recipients, saveCopy, journeyId })
  const done = await withObjects(ctx, handed.blobKeys, (reached) => replaceDraft(ctx, row, handed, { commit, reached }))
  if (done === null) await removeBlobs(ctx, handed.blobKeys)
  else await removeBlobs(ctx, done.unreferenced)
  return done?.sent ?? null
}

const planDraft = (
  ctx: ServiceContext,
  row: MessageRow,
  planned: Omit<Planned, 'draft'>,
  commit: Commit<'draft.send'>,
): Promise<SentWire | null> =>
  changeMessages(ctx, commit, [row.id], async (tx, [found]) => {
    const draft = asDraft(found)
    if (draft.blobKey !== row.blobKey) return { result: null, changed: [], audited: null }
    return { result: await plan(tx, { ...planned, draft }), changed: [], audited: null }
  })

const replaceDraft = (
  ctx: ServiceContext,
  row: MessageRow,
  handed: HandedIn,
  { commit, reached }: { commit: Commit<'draft.send'>; reached: () => void },
): Promise<{ sent: SentWire; unreferenced: string[] } | null> =>
  changeMessages(ctx, commit, [row.id], async (tx, [found]) => {
    const now = asDraft(found)
    if (now.blobKey !== row.blobKey) return { result: null, changed: [], audited: null }
    const unreferenced = await purgeMessages(tx, [now])
    const sent = await handed.accept(tx)
    reached()
    return { result: { sent, unreferenced }, changed: [now], audited: 'draft.send' }
  })

const recipientsIn = ({ addressed }: SubmittedMessage): NamedRecipient[] =>
  namedIn(
    Object.fromEntries(
      Object.entries(addressed).map(([name, list]): [string, readonly Address[]] => {
        if (list === null) throw invalidField(name, 'has something that is no address: correct it in the draft')
        return [name, list]
      }),
    ),
  )
