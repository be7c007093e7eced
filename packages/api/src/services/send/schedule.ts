import type { Db } from '@mairust/db'
import { defineJob, enqueue, cancelJobByKey } from '@mairust/db/queue'
import type { MessageRow } from '@mairust/db/queries/message'
import { z } from 'zod'
import type { ServiceContext } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'
import type { FoundRecipient } from './recipients.ts'
import type { SentWire } from './schemas.ts'
import type { Sender } from './sender.ts'

/** Sends a draft when its time has come. */
export const scheduledSend = defineJob({
  name: 'send-scheduled',
  payload: z.strictObject({
    tenant_id: z.string(),
    draft_id: z.string(),
    /** As it was then: nobody who may only write may change what is sent. */
    blob_key: z.string(),
    user_id: z.string(),
    journey_id: z.string(),
    save_copy: z.boolean(),
  }),
})

const DAY = 86_400_000
const MAX_DAYS = 366

/**
 * When a message is to be sent.
 * @throws AppError VALIDATION_ERROR for a time that is over, or more than a year ahead
 */
export const requireSendAt = (ctx: ServiceContext, given: string): Date => {
  const [at, now] = [new Date(given), ctx.now().getTime()]
  if (at.getTime() <= now) throw invalidField('send_at', 'must be in the future')
  if (at.getTime() > now + MAX_DAYS * DAY) throw invalidField('send_at', `must be within ${MAX_DAYS} days`)
  return at
}

/** A draft that is to be sent. */
export interface Planned {
  readonly draft: Pick<MessageRow, 'id' | 'blobKey' | 'tenantId'>
  readonly sender: Sender
  readonly recipients: readonly FoundRecipient[]
  readonly messageId: string | null
  readonly journeyId: string
  readonly at: Date
  readonly saveCopy: boolean
}

/** Has a draft sent at a time, in the transaction `tx`, in place of any other time that it had. */
export const plan = async (
  tx: Db,
  { draft, sender, recipients, messageId, journeyId, at, saveCopy }: Planned,
): Promise<SentWire> => {
  const key = keyOf(draft.id)
  await cancelJobByKey(tx, key)
  const payload = {
    tenant_id: draft.tenantId,
    draft_id: draft.id,
    blob_key: draft.blobKey,
    user_id: sender.user.id,
    journey_id: journeyId,
    save_copy: saveCopy,
  }
  await enqueue(tx, scheduledSend, payload, { key, runAt: at })
  return {
    id: draft.id,
    message_id: messageId,
    journey_id: journeyId,
    status: 'scheduled',
    recipients: recipients.map(({ destination }) => ({
      address: destination.recipient.key,
      status: 'scheduled',
      delivery_id: null,
    })),
  }
}

/**
 * Ends the plan to send a draft.
 * @throws AppError CONFLICT when there is none, or it is being sent now
 */
export const unplan = async (tx: Db, draftId: string): Promise<void> => {
  if (await cancelJobByKey(tx, keyOf(draftId))) return
  throw new AppError('CONFLICT', 'This draft is not scheduled, or is being sent now.')
}

const keyOf = (draftId: string): string => `send-scheduled ${draftId}`
