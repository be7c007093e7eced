import { createId } from '@mairust/db'
import { type JourneyInput, type RecipientResult, recordJourneys } from '@mairust/db/queries/accept'
import { appendJourneyEvents } from '@mairust/db/queries/journey-event'
import { makeItem, withDatabases } from '@mairust/db/testing'
import { UNNAMED } from '@mairust/mail-core/journey'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { getJourney, listJourneys } from './index.ts'

const STEP = { at: '2026-11-01T00:00:00.000Z', ms: 1, kind: 'rcpt', result: 'ok', detail: '' } as const

withDatabases((get) => {
  let world: MailWorld
  let mine: string

  beforeAll(async () => {
    world = await makeMailWorld(get())
    mine = world.mailbox.address
  })

  /** Records a journey to these recipients, each with a step of its own, and returns its id. */
  const record = async (
    recipients: Record<string, Partial<RecipientResult>>,
    values: Partial<JourneyInput> = {},
  ): Promise<string> => {
    const { tenantId } = world.mailbox
    const { journey } = makeItem(world.mailbox)
    const addresses = Object.keys(recipients)
    const complete: JourneyInput = {
      ...journey,
      steps: [
        ...addresses.map((address) => ({ ...STEP, name: address, recipient: address })),
        { ...STEP, kind: 'data', name: 'DATA', recipient: null },
      ],
      recipients: addresses.map((address) => ({
        tenantId,
        address,
        status: 'accepted',
        reply: `250 ${address}`,
        ...recipients[address],
      })),
      ...values,
    }
    await get().db.transaction((tx) => recordJourneys(tx, [complete]))
    return journey.id
  }
  const open = (id: string, ctx = world.ctx) => getJourney(ctx, { id })
  const idsFor = async (input: Parameters<typeof listJourneys>[1], ctx = world.ctx): Promise<string[]> =>
    (await listJourneys(ctx, input)).data.map(({ id }) => id)

  describe('who sees a step', () => {
    it('depends only on its recipient: a user sees theirs though another address is a part of it', async () => {
      const id = await record({ [mine]: {}, [mine.slice(1)]: {}, 'the.other@example.org': {} })
      const { steps, to } = await open(id)
      expect(steps.map(({ name }) => name)).toEqual([mine, 'DATA'])
      expect(to).toEqual([mine])
    })

    it('depends on its recipient after the reply too, and so do status and reason', async () => {
      const id = await record({ [mine]: {}, 'the.other@example.org': { status: 'queued' } }, { status: 'partial' })
      const { tenantId } = world.mailbox
      const event = { tenantId, journeyId: id, at: new Date(), kind: 'attempt', name: 'mx', detail: '' } as const
      await get().db.transaction((tx) =>
        appendJourneyEvents(tx, [
          {
            ...event,
            result: 'failed',
            recipient: 'the.other@example.org',
            becomes: { status: 'bounced', reply: '550 the.other@example.org', reason: 'recipient_unknown' },
          },
          { ...event, kind: 'hook', result: 'ok', recipient: null },
        ]),
      )
      const opened = await open(id)
      expect(opened).toMatchObject({ status: 'accepted', reason: null, recipients: [{ address: mine }] })
      expect(opened.steps.map(({ kind }) => kind)).toEqual(['rcpt', 'data', 'hook'])
      expect(JSON.stringify(opened)).not.toContain('the.other@example.org')
      const full = await open(id, await world.as('tenant_admin'))
      // What the client was told last may be about others.
      expect([opened.reply, full.reply]).toEqual([`250 ${mine}`, `250 2.0.0 Accepted ${id}`])
      expect(full).toMatchObject({ status: 'partial', reason: 'recipient_unknown' })
      expect(full.steps.map(({ kind }) => kind)).toEqual(['rcpt', 'rcpt', 'data', 'attempt', 'hook'])
    })

    it('depends only on its recipient: neither the last step nor a count tells of the others', async () => {
      const end = { ...STEP, kind: 'end', name: 'partial', recipient: null } as const
      const count = { ...STEP, name: 'more recipients', recipient: UNNAMED }
      const recipients = { [mine]: {}, 'the.other@example.org': { status: 'refused' } } as const
      const id = await record(recipients, { status: 'partial', steps: [count, end] })
      expect((await open(id)).steps).toEqual([{ ...end, name: 'accepted' }])
      expect((await open(id, await world.as('tenant_admin'))).steps).toEqual([count, end])
      const refused = { [mine]: { status: 'refused' }, 'the.other@example.org': {} } as const
      const other = await record(refused, { status: 'partial', steps: [end] })
      expect((await open(other)).steps).toEqual([{ ...end, name: 'refused', result: 'refused' }])
    })

    const rcpt = (address: string, result: 'ok' | 'refused' | 'deferred') =>
      ({ ...STEP, name: address, recipient: address, result }) as const
    const full = { status: 'deferred', reply: '452 4.2.2 Full', reason: 'mailbox_full' } as const

    it.each(['accepted', 'refused'] as const)(
      'depends on how far their own recipients came: refused at RCPT, they learn nothing of a message %s for others',
      async (status) => {
        const other = 'the.other@example.org'
        const reply = status === 'accepted' ? '250 2.0.0 Accepted' : '550 5.7.1 Rejected'
        const reason = status === 'accepted' ? '' : 'dmarc_reject'
        const later = { ...STEP, ms: 900, recipient: null }
        const steps = [
          { ...STEP, kind: 'mail', name: 'MAIL', recipient: null },
          rcpt(mine, 'deferred'),
          rcpt(other, 'ok'),
          { ...later, kind: 'data', name: 'DATA', detail: '135 bytes' },
          { ...later, kind: 'authentication', name: 'spf' },
          { ...later, kind: 'authentication', name: 'policy' },
          { ...later, kind: 'store', name: 'blob' },
          { ...later, kind: 'end', name: 'partial', detail: reply },
        ] as const
        const id = await record(
          { [mine]: full, [other]: { status, reply, reason } },
          { status: 'partial', steps, reply, reason },
        )
        const expected = [
          { kind: 'mail', recipient: null },
          { kind: 'rcpt', recipient: mine },
          { kind: 'end', name: 'deferred', result: 'deferred', detail: full.reply, ms: STEP.ms },
        ]
        const opened = await open(id)
        const [listed] = (await listJourneys(world.ctx, { id })).data
        for (const seen of [opened, listed]) {
          expect(seen).toMatchObject({ status: 'deferred', reply: full.reply, reason: full.reason, to: [mine] })
          expect(seen?.steps).toMatchObject(expected)
          expect(seen?.steps).toHaveLength(expected.length)
        }
        for (const filter of [
          { status },
          { status: 'partial' },
          { reason: 'dmarc_reject' },
          { address: other },
        ] as const) {
          expect(await idsFor({ id, ...filter }), JSON.stringify(filter)).toEqual([])
        }
        expect(await idsFor({ id, reason: full.reason, status: 'deferred' })).toEqual([id])
        expect((await open(id, await world.as('tenant_admin'))).steps).toHaveLength(steps.length)
      },
    )

    it('depends on their copies too: one refused by one address and reached through another sees all', async () => {
      const { acceptMessages } = await import('@mairust/db/queries/accept')
      const item = makeItem(world.mailbox)
      const { tenantId } = world.mailbox
      const steps = [rcpt(mine, 'deferred'), { ...STEP, kind: 'data', name: 'DATA', recipient: null }] as const
      const recipients = [{ tenantId, address: mine, ...full }]
      const journey: JourneyInput = { ...item.journey, steps, recipients }
      await get().db.transaction((tx) => acceptMessages(tx, [{ ...item, journey }], get().changes))
      expect((await open(journey.id)).steps.map(({ kind }) => kind)).toEqual(['rcpt', 'data'])
    })

    it('depends on the domain of their mail: they see what their own decided, not that others did', async () => {
      const domain = mine.slice(mine.lastIndexOf('@'))
      const other = 'them@other.example'
      const policy = (at: string) => ({ ...STEP, kind: 'authentication', name: 'policy', recipient: at }) as const
      const steps = [policy(domain), policy('@other.example')]
      const recipients = { [mine]: { mailboxes: [mine] }, [other]: { mailboxes: [other] } }
      const id = await record(recipients, { steps })
      expect((await open(id)).steps).toEqual([policy(domain)])
      expect((await open(id, await world.as('tenant_admin'))).steps).toEqual(steps)
      const alone = await record({ [mine]: { mailboxes: [mine] } }, { steps: [policy(domain)] })
      expect((await open(alone)).steps).toEqual([policy(domain)])
    })

    it('depends on its name in older rows, where that is the recipient', async () => {
      const id = await record({ [mine]: {}, 'the.other@example.org': {} })
      const { journeys } = get().db.tables
      const old = [mine, 'the.other@example.org'].map((name) => ({ ...STEP, name }))
      await get().db.update(journeys).set({ steps: old })
      expect((await open(id)).steps).toEqual([{ ...STEP, name: mine, recipient: mine }])
    })
  })

  describe('a sender', () => {
    it('must have been logged in: a forged MAIL FROM reveals no recipients', async () => {
      const forged = await record({ 'victim@example.org': {} }, { sender: mine })
      await expect(open(forged)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect(await idsFor({ address: mine, limit: 100 })).not.toContain(forged)
      const both = await record({ [mine]: {}, 'victim@example.org': {} }, { sender: mine })
      expect((await open(both)).to).toEqual([mine])
    })

    it('sees all recipients of their own mail, and no mail that others sent from the same address', async () => {
      const submitted = { sender: mine, direction: 'submission', tenantId: world.mailbox.tenantId } as const
      const own = await record({ 'the.other@example.org': {} }, { ...submitted, userId: world.user.id })
      const others = await record({ 'the.other@example.org': {} }, { ...submitted, userId: createId('usr') })
      expect((await open(own)).to).toEqual(['the.other@example.org'])
      await expect(open(others)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      const domainAdmin = await world.as('domain_admin', [world.mailbox.id])
      expect((await open(others, domainAdmin)).to).toEqual(['the.other@example.org'])
    })
  })

  describe('a search', () => {
    it('never reveals other recipients of a message, or their results', async () => {
      const id = await record(
        { [mine]: {}, 'c@example.org': { status: 'refused', reason: 'mailbox_suspended' } },
        { status: 'partial' },
      )
      const admin = await world.as('tenant_admin')
      for (const filter of [
        { address: 'c@example.org' },
        { status: 'partial' },
        { reason: 'mailbox_suspended' },
      ] as const) {
        expect(await idsFor(filter)).not.toContain(id)
        expect(await idsFor(filter, admin)).toContain(id)
      }
      expect(await idsFor({ address: mine, status: 'accepted' })).toContain(id)
    })

    it('by status finds mail that came through an alias', async () => {
      const item = makeItem(world.mailbox)
      const { acceptMessages } = await import('@mairust/db/queries/accept')
      await get().db.transaction((tx) => acceptMessages(tx, [item], get().changes))
      const { id } = item.journey
      expect(await idsFor({ id, status: 'accepted' })).toEqual([id])
      expect(await idsFor({ id, status: 'refused' })).toEqual([])
    })
  })
})
