import { removeBlobs } from '@mairust/db/blob'
import type { MessageRow } from '@mairust/db/queries/message'
import type { SubmittedMessage } from '@mairust/intake/drafts'
import type { Address } from '@mairust/mail-core/address'
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
import { sendDraftInput, sentSchema, type SentWire } from './schemas.ts'
import { requireSender } from './sender.ts'
import { writeMessage } from './write.ts'

/** How often a draft is read again because it was saved meanwhile. */
const ATTEMPTS = 4

/**
 * Sends a draft to those whom it names, as it is now. It leaves Drafts in the transaction that takes the message.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR, RATE_LIMITED, CONFLICT, PAYLOAD_TOO_LARGE, UNAVAILABLE
 */
export const sendDraft = verb({
  permission: 'message:send',
  input: sendDraftInput,
  output: sentSchema,
  audit: { action: 'draft.send', target: 'mailbox' },
  run: async (ctx, { id, save_copy: saveCopy = true }, commit) => {
    requirePermission(ctx, 'message:write')
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const sent = await trySend(ctx, { id, saveCopy }, commit).catch((error: unknown) => {
        if (error instanceof SavedAnewError) return null
        throw error
      })
      if (sent !== null) return sent
    }
    throw new AppError('CONFLICT', 'This draft is being changed by somebody else. Try again.', { retryAfter: 1 })
  },
})

/** Sends the draft; null when it has become another since it was read. */
const trySend = async (
  ctx: ServiceContext,
  { id, saveCopy }: { id: string; saveCopy: boolean },
  commit: Commit<'draft.send'>,
): Promise<SentWire | null> => {
  const row = await requireDraft(ctx, id, 'message:write')
  const draft = await readStored(ctx, row, () => ctx.blobs.read(row.blobKey))
  const message = await writeMessage(ctx, { draft }, 'from')
  const [from] = message.authors
  const sender = await requireSender(ctx, from, message.authors)
  const recipients = await requireDestinations(ctx, recipientsIn(message), message.header.length + message.body.length)
  const handed = await handIn(ctx, { sender, from, message, recipients, saveCopy })
  const done = await withObjects(ctx, handed.blobKeys, (reached) => replaceDraft(ctx, row, handed, { commit, reached }))
  if (done === null) await removeBlobs(ctx, handed.blobKeys)
  else await removeBlobs(ctx, done.unreferenced)
  return done?.sent ?? null
}

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
