import { tenantScope } from './scope.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeItem, withDatabases } from '../testing/index.ts'
import { receiving } from '../testing/receiving.ts'
import { type JourneyInput, recordJourneys } from './accept.ts'
import { appendJourneyEvents, type JourneyEventInput } from './journey-event.ts'
import { eventsOfJourneys, recipientsOfJourneys } from './journey-parts.ts'
import { findJourney } from './journey.ts'
import { pruneJourneys } from './prune.ts'

withDatabases((get) => {
  const { newMailbox } = receiving(get)
  let journey: JourneyInput

  beforeEach(async () => {
    const { tenantId } = await newMailbox()
    const recipients = ['a@far.example', 'b@far.example'].map(
      (address) => ({ tenantId, address, status: 'queued', reply: '250 Ok' }) as const,
    )
    journey = { ...makeItem(await newMailbox()).journey, tenantId, status: 'queued', recipients }
    await get().db.transaction((tx) => recordJourneys(tx, [journey]))
  })

  const attempt = (recipient: string, becomes?: JourneyEventInput['becomes']): JourneyEventInput => ({
    tenantId: journey.tenantId,
    journeyId: journey.id,
    at: new Date('2026-11-01T00:00:05Z'),
    kind: 'attempt',
    name: 'mx.far.example',
    result: becomes?.status === 'delivered' ? 'ok' : 'deferred',
    detail: becomes?.reply ?? '',
    recipient,
    becomes,
  })
  const append = (...events: JourneyEventInput[]) => get().db.transaction((tx) => appendJourneyEvents(tx, events))
  const standing = async () => {
    const { db } = get()
    const row = await findJourney(db, { tenantIds: [journey.tenantId], only: 'all' }, journey.id)
    const recipients = await recipientsOfJourneys(db, tenantScope(journey.tenantId), { ids: [journey.id] }, 10)
    const events = await eventsOfJourneys(db, tenantScope(journey.tenantId), { ids: [journey.id] }, 10)
    return { status: row?.status, recipients: recipients.map(({ status, reply }) => [status, reply]), events }
  }

  describe('a journey continues after its reply', () => {
    it('with events in order, which update the statuses of recipients and journey', async () => {
      await append(attempt('a@far.example', { status: 'deferred', reply: '451 4.7.1 greylisted' }))
      expect(await standing()).toMatchObject({
        status: 'partial',
        recipients: [
          ['deferred', '451 4.7.1 greylisted'],
          ['queued', '250 Ok'],
        ],
      })
      await append(
        attempt('a@far.example', { status: 'delivered', reply: '250 ok 1' }),
        attempt('b@far.example'),
        attempt('b@far.example', { status: 'delivered', reply: '250 ok 2' }),
      )
      const { status, events } = await standing()
      expect(status).toBe('delivered')
      expect(events.map(({ recipient, detail }) => [recipient, detail])).toEqual([
        ['a@far.example', '451 4.7.1 greylisted'],
        ['a@far.example', '250 ok 1'],
        ['b@far.example', ''],
        ['b@far.example', '250 ok 2'],
      ])
    })

    it('until it is pruned: later events are skipped, earlier ones are removed with it', async () => {
      await append(attempt('a@far.example'))
      await pruneJourneys(get().db, new Date(journey.startedAt.getTime() + 1))
      await append(attempt('a@far.example', { status: 'bounced', reply: '550 no' }))
      expect(await standing()).toEqual({ status: undefined, recipients: [], events: [] })
    })
  })
})
