import { updateUserRow } from '@mairust/db/queries/user'
import { listJobs } from '@mairust/db/queue'
import { tenantScope } from '@mairust/db/queries/scope'
import { withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSentWorld, type SentWorld } from '../../testing/sent.ts'
import { getDraft, removeDraft, updateDraft } from '../draft/index.ts'
import { getJourney } from '../journey/index.ts'
import { scheduledSend, send, sendDraft, sendScheduled, unscheduleDraft } from './index.ts'

const HOUR = 3_600_000

withDatabases((get) => {
  let d: SentWorld
  beforeEach(async () => {
    d = await makeSentWorld(get())
  })
  afterEach(() => d.close())

  const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString()
  const schedule = (input: Partial<Parameters<typeof send>[1]> = {}) =>
    send(d.ctx, {
      from: d.address,
      to: ['ken@far.example', d.address],
      subject: 'Later',
      send_at: inHours(2),
      ...input,
    })
  const jobsOf = async (draftId: string) => {
    const jobs = await listJobs(get().db, { name: scheduledSend.name, limit: 100 })
    return jobs.flatMap(({ payload, runAt }) => {
      const scheduled = scheduledSend.payload.parse(payload)
      return scheduled.draft_id === draftId ? [{ scheduled, runAt }] : []
    })
  }
  /** Does what the job does once its time has come. */
  const comesTrue = async (draftId: string) => {
    const [found] = await jobsOf(draftId)
    if (found === undefined) throw new Error('nothing is scheduled')
    await sendScheduled(d.world.runtime, found.scheduled)
    return found.scheduled
  }

  describe('a scheduled message', () => {
    it('is a draft until its time, then goes to everybody, under the journey that was named', async () => {
      const at = inHours(2)
      const made = await schedule({ send_at: at, bcc: ['eve@far.example'], save_copy: true })
      expect(made).toMatchObject({
        status: 'scheduled',
        recipients: [
          { address: 'ken@far.example', status: 'scheduled', delivery_id: null },
          { address: d.address, status: 'scheduled' },
          { address: 'eve@far.example', status: 'scheduled' },
        ],
      })
      expect(await d.inFolder('drafts')).toHaveLength(1)
      expect([await d.deliveries(), await d.inFolder('inbox'), await d.inFolder('sent')]).toEqual([[], [], []])
      expect((await jobsOf(made.id)).map(({ runAt }) => runAt.toISOString())).toEqual([at])
      await comesTrue(made.id)
      const deliveries = await d.deliveries({ journeyId: made.journey_id })
      expect(deliveries.map(({ address }) => address).sort()).toEqual(['eve@far.example', 'ken@far.example'])
      expect((await d.inFolder('inbox')).map(({ subject }) => subject)).toEqual(['Later'])
      expect([(await d.inFolder('drafts')).length, (await d.inFolder('sent')).length]).toEqual([0, 1])
      expect(deliveries[0]?.messageIdHeader).toBe(made.message_id)
      expect(await getJourney(d.ctx, { id: made.journey_id })).toMatchObject({ status: 'partial' })
    })

    it('is sent once, however often the job runs, at the same time too', async () => {
      const { id } = await schedule()
      const scheduled = await comesTrue(id)
      await sendScheduled(d.world.runtime, scheduled)
      const other = await schedule({ to: ['lee@far.example'] })
      const [found] = await jobsOf(other.id)
      if (found === undefined) throw new Error('nothing is scheduled')
      const run = () => sendScheduled(d.world.runtime, found.scheduled)
      await Promise.allSettled([run(), run()])
      await run()
      const sent = (await d.deliveries()).map(({ address }) => address)
      expect(sent.sort()).toEqual(['ken@far.example', 'lee@far.example'])
    })

    it('gets another time, and only that one counts', async () => {
      const { id } = await schedule()
      const at = inHours(30)
      const moved = await sendDraft(d.ctx, { id, send_at: at })
      expect(moved.status).toBe('scheduled')
      expect((await jobsOf(id)).map(({ runAt }) => runAt.toISOString())).toEqual([at])
    })

    it('is cancelled: the draft stays, and a second time there is nothing to cancel', async () => {
      const { id } = await schedule()
      expect(await unscheduleDraft(d.ctx, { id })).toEqual({ id, scheduled: false })
      expect(await jobsOf(id)).toEqual([])
      expect(await getDraft(d.ctx, { id })).toMatchObject({ subject: 'Later' })
      await expect(unscheduleDraft(d.ctx, { id })).rejects.toMatchObject({ code: 'CONFLICT' })
      await expect(unscheduleDraft(await d.world.as('user'), { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })

    it('is not sent when its draft was changed, and its journey says so; or when it was removed', async () => {
      const { id, journey_id: journeyId } = await schedule()
      await updateDraft(d.ctx, { id, subject: 'Other words' })
      const scheduled = await comesTrue(id)
      await sendScheduled(d.world.runtime, scheduled)
      expect(await d.deliveries()).toEqual([])
      expect(await d.inFolder('drafts')).toHaveLength(1)
      const journey = await getJourney(d.ctx, { id: journeyId })
      expect(journey).toMatchObject({ status: 'refused' })
      expect(journey.steps.at(-1)?.detail).toMatch(/schedule it again/)
      const gone = await schedule()
      await removeDraft(d.ctx, { id: gone.id })
      await comesTrue(gone.id)
      expect(await d.deliveries()).toEqual([])
    })

    it('is not sent for somebody who was suspended meanwhile', async () => {
      const { id } = await schedule()
      await updateUserRow(get().db, tenantScope(d.world.user.tenantId), d.world.user.id, {
        suspended: true,
        updatedAt: new Date(),
      })
      await comesTrue(id)
      expect(await d.deliveries()).toEqual([])
      expect(await d.inFolder('drafts')).toHaveLength(1)
    })

    it('is tried again when its sender may send to nobody more for now', async () => {
      const { id } = await schedule({ to: ['a@far.example', 'b@far.example'] })
      const { config } = d.world.runtime
      const outbound = {
        ...config.outbound,
        rate_limits: { ...config.outbound.rate_limits, per_user: { hourly: 1, daily: 0 } },
      }
      const [found] = await jobsOf(id)
      if (found === undefined) throw new Error('nothing is scheduled')
      const runtime = { ...d.world.runtime, config: { ...config, outbound } }
      await expect(sendScheduled(runtime, found.scheduled)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
      await comesTrue(id)
      expect(await d.deliveries()).toHaveLength(2)
    })
  })

  it.each([
    ['a time that is over', { send_at: '2020-01-01T00:00:00Z' }, 'send_at'],
    ['a time too far ahead', { send_at: inHours(24 * 400) }, 'send_at'],
    ['nobody here', { to: ['nobody@example.invalid', 'x@y@z'] }, 'to.1'],
  ])('%s is refused at once', async (_, input, field) => {
    await expect(schedule(input)).rejects.toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field }] })
    expect([await d.inFolder('drafts'), await d.objects()]).toEqual([[], 0])
  })
})
