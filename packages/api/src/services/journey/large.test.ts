import { type JourneyInput, type RecipientResult, recordJourneys } from '@mairust/db/queries/accept'
import { appendJourneyEvents } from '@mairust/db/queries/journey-event'
import { makeItem, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { getJourney, listJourneys } from './index.ts'

const STEP = { at: '2026-11-01T00:00:00.000Z', ms: 1, kind: 'rcpt', result: 'ok', detail: 'x'.repeat(200) } as const
const END = { ...STEP, kind: 'end', name: 'partial', recipient: null } as const

withDatabases((get) => {
  let world: MailWorld

  beforeAll(async () => {
    world = await makeMailWorld(get())
  })

  /** Records a journey to the user and to so many others, all refused but the user; a step for each recipient. */
  const record = async (others: number, values: Partial<JourneyInput> = {}): Promise<string> => {
    const { tenantId, address: mine } = world.mailbox
    const { journey } = makeItem(world.mailbox)
    const refused = { tenantId, status: 'refused', reply: `550 ${'r'.repeat(80)}`, reason: 'unknown' } as const
    const recipients: RecipientResult[] = [
      ...Array.from({ length: others }, (_, at) => ({ ...refused, address: `${'p'.repeat(200)}${at}@a.example` })),
      { tenantId, address: mine, status: 'accepted', reply: '250 Ok' },
    ]
    const steps = [...recipients.map(({ address }) => ({ ...STEP, name: address, recipient: address })), END]
    const complete: JourneyInput = { ...journey, status: 'partial', recipients, steps, ...values }
    await get().db.transaction((tx) => recordJourneys(tx, [complete]))
    return journey.id
  }
  const listed = async (id: string, ctx = world.ctx) => {
    const [entry] = (await listJourneys(ctx, { id })).data
    if (entry === undefined) throw new Error('not in the list')
    return entry
  }

  describe('a list of journeys', () => {
    it('stays small, however large those are that were stored', async () => {
      const ids: string[] = []
      for (let count = 0; count < 5; count += 1) ids.push(await record(1100))
      const { data } = await listJourneys(await world.as('tenant_admin'), { limit: 5 })
      expect(data.map(({ id }) => id).sort()).toEqual(ids.sort())
      for (const entry of data) {
        expect(entry).toMatchObject({ status: 'partial', reason: 'unknown' })
        expect(entry.to).toHaveLength(20)
        expect(entry.steps).toHaveLength(30)
        expect(JSON.stringify(entry).length).toBeLessThan(30_000)
      }
    })

    it('has the first steps and the last of each, and so many recipients', async () => {
      const entry = await listed(
        await record(60, {
          steps: [...Array.from({ length: 60 }, () => ({ ...END, kind: 'data', name: 'd' }) as const), END],
        }),
        await world.as('tenant_admin'),
      )
      expect(entry.steps).toHaveLength(30)
      expect(entry.steps.at(-1)).toEqual(END)
      expect(entry.to).toHaveLength(20)
    })

    it('has all of a journey of usual size', async () => {
      const id = await record(3)
      const admin = await world.as('tenant_admin')
      const { recipients, message_ids: messages, ...whole } = await getJourney(admin, { id })
      expect(await listed(id, admin)).toEqual(whole)
      expect([recipients.length, messages]).toEqual([4, []])
      expect(whole.to).toHaveLength(4)
      expect(whole.steps).toHaveLength(5)
    })

    it('shows a user the same of their own result among any number of others', async () => {
      for (const others of [3, 1100]) {
        const { status, reason, to, steps } = await listed(await record(others))
        expect({ status, reason, to }).toEqual({ status: 'accepted', reason: null, to: [world.mailbox.address] })
        expect(steps.map(({ name }) => name)).toEqual([world.mailbox.address, 'accepted'])
      }
    })

    it('has a bounded number of later events', async () => {
      const id = await record(0, { steps: [] })
      const { tenantId } = world.mailbox
      const events = Array.from({ length: 40 }, (_, at) => ({
        tenantId,
        journeyId: id,
        at: new Date(Date.UTC(2026, 10, 1, 0, at)),
        kind: 'attempt' as const,
        name: `${at}`,
        result: 'deferred' as const,
        detail: '',
        recipient: null,
      }))
      await get().db.transaction((tx) => appendJourneyEvents(tx, events))
      expect((await listed(id)).steps.map(({ name }) => name)).toEqual(events.slice(0, 30).map(({ name }) => name))
      expect((await getJourney(world.ctx, { id })).steps).toHaveLength(40)
    })
  })

  describe('one journey', () => {
    it('has up to a thousand recipients and steps, the last step among them', async () => {
      const id = await record(1100)
      const { to, recipients, steps } = await getJourney(await world.as('tenant_admin'), { id })
      expect([to.length, recipients.length, steps.length]).toEqual([1000, 1000, 1000])
      expect(steps.at(-1)).toEqual(END)
    })
  })
})
