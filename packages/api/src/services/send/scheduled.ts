import { recordJourneys } from '@mairust/db/queries/accept'
import { findJourney } from '@mairust/db/queries/journey'
import { tenantScope } from '@mairust/db/queries/scope'
import { findUser, type UserRow } from '@mairust/db/queries/user'
import type { z } from 'zod'
import type { Runtime } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { systemContext } from '../../runtime.ts'
import { job } from '../../verb/index.ts'
import { sendPlannedDraft } from './draft.ts'
import type { scheduledSend } from './schedule.ts'
import { NOT_AUDITED } from './schemas.ts'

type Scheduled = z.output<(typeof scheduledSend)['payload']>

/** What no further attempt can change. */
const FINAL: readonly string[] = ['VALIDATION_ERROR', 'FORBIDDEN', 'PAYLOAD_TOO_LARGE']

/**
 * Sends a draft whose time has come, as the user who scheduled it. The draft leaves in the transaction that takes the message, so that a
 * run that is repeated sends nothing. What cannot be sent any more stays a draft, and its journey says why.
 * @throws AppError when it is to be tried again
 */
export const sendScheduled = job({
  audit: NOT_AUDITED,
  run: async (runtime: Runtime, scheduled: Scheduled): Promise<void> => {
    const { tenant_id: tenantId, draft_id: id, user_id: userId, ...planned } = scheduled
    const user = await findUser(runtime.db, tenantScope(tenantId), userId)
    const ctx = systemContext(runtime, tenantId, user?.email ?? 'scheduled')
    const actor = { ...ctx.actor, userId, mailOwnerId: userId }
    try {
      if (user?.suspended !== false)
        throw new AppError('FORBIDDEN', 'Whoever scheduled the message may not send any more.')
      await sendPlannedDraft({ ...ctx, actor }, { id, ...planned })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // Sent or removed meanwhile.
      if (error.code === 'NOT_FOUND') return
      if (!FINAL.includes(error.code)) throw error
      await tellWhyNot(runtime, { tenantId, user, journeyId: planned.journey_id }, error)
    }
  },
})

const tellWhyNot = async (
  { db, now, log }: Runtime,
  { tenantId, user, journeyId }: { tenantId: string; user: UserRow | null; journeyId: string },
  { message, details }: AppError,
): Promise<void> => {
  const reply = [message, ...details.map(({ field, reason }) => `${field}: ${reason}`)].join(' ').slice(0, 500)
  const startedAt = now()
  await db.transaction(async (tx) => {
    // A run that is repeated.
    if ((await findJourney(tx, { tenantIds: [tenantId], only: 'all' }, journeyId)) !== null) return
    await recordJourneys(tx, [
      {
        id: journeyId,
        tenantId,
        userId: user?.id ?? null,
        direction: 'submission',
        status: 'refused',
        sender: user?.email ?? '',
        remoteAddress: '',
        helo: '',
        reply,
        reason: 'not_sent',
        steps: [
          {
            at: startedAt.toISOString(),
            ms: 0,
            kind: 'end',
            name: 'refused',
            result: 'refused',
            detail: reply,
            recipient: null,
          },
        ],
        startedAt,
        recipients: [],
      },
    ])
  })
  log.info({ tenant_id: tenantId, journey_id: journeyId }, 'A scheduled message could not be sent and stays a draft')
}
