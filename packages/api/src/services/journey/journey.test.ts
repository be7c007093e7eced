import { createId, type Database } from '@mairust/db'
import { recordJourneys } from '@mairust/db/queries/accept'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import { makeItem, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { acceptMessages, type JourneyInput } from '@mairust/db/queries/accept'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { getJourney, getMessageJourney, listJourneys } from './index.ts'

type Result = JourneyInput['recipients'][number]

const STEP = { at: '2026-11-01T00:00:00.000Z', ms: 1, kind: 'rcpt', result: 'ok', detail: '' } as const
let minute = 0

/** A journey with these recipients, each named in a step. Each journey begins a minute after the previous one. */
const journey = (recipients: Result[], values: Partial<JourneyInput> = {}): JourneyInput => {
  minute += 1
  const id = createId('jrn')
  return {
    id,
    tenantId: SYSTEM_TENANT,
    direction: 'inbound',
    status: 'accepted',
    sender: 'sender@example.net',
    remoteAddress: '192.0.2.1',
    helo: 'mx.example.net',
    reply: `250 2.0.0 Accepted ${id}`,
    steps: recipients.map(({ address }) => ({ ...STEP, name: address, recipient: address })),
    startedAt: new Date(Date.UTC(2026, 10, 1, 0, minute)),
    recipients,
    ...values,
  }
}
const to = (tenantId: string, address: string, values: Partial<Result> = {}): Result => ({
  tenantId,
  address,
  status: 'accepted',
  reply: '250 Ok',
  ...values,
})

const record = async ({ db }: Database, ...journeys: JourneyInput[]): Promise<void> => {
  await db.transaction((tx) => recordJourneys(tx, journeys))
}

withDatabases((get) => {
  let world: MailWorld
  let own: JourneyInput
  let hidden: JourneyInput
  let sent: JourneyInput
  let others: JourneyInput
  let nobodys: JourneyInput

  beforeAll(async () => {
    world = await makeMailWorld(get())
    const { tenantId, address } = world.mailbox
    own = journey([to(tenantId, address)])
    hidden = journey([to(tenantId, address), to(tenantId, 'secret@example.org')])
    sent = journey([to(tenantId, 'friend@example.org')], {
      tenantId,
      userId: world.user.id,
      sender: address,
      direction: 'submission',
      remoteAddress: '2001:db8::1',
    })
    others = journey([to(tenantId, 'colleague@example.org', { status: 'refused', reason: 'unknown' })], {
      status: 'refused',
    })
    nobodys = journey([], { status: 'aborted' })
    await record(get(), own, hidden, sent, others, nobodys)
  })

  const idsFor = async (input: Parameters<typeof listJourneys>[1], ctx = world.ctx): Promise<string[]> =>
    (await listJourneys(ctx, input)).data.map(({ id }) => id)

  describe('the list', () => {
    it('shows a user the journeys of their own addresses, newest first', async () => {
      expect(await idsFor({})).toEqual([sent.id, hidden.id, own.id])
    })

    it('shows an administrator those of the tenant, and a super_admin also those of no tenant', async () => {
      const all = [others.id, sent.id, hidden.id, own.id]
      expect(await idsFor({}, await world.as('tenant_admin'))).toEqual(all)
      const ids = await idsFor({ limit: 100 }, await world.as('super_admin'))
      expect(ids).toEqual(expect.arrayContaining([...all, nobodys.id]))
      expect(new Set(ids).size).toBe(ids.length)
    })

    it('is narrowed by each filter', async () => {
      const admin = await world.as('tenant_admin')
      const { address } = world.mailbox
      expect(await idsFor({ id: own.id }, admin)).toEqual([own.id])
      expect(await idsFor({ address: address.toUpperCase() }, admin)).toEqual([sent.id, hidden.id, own.id])
      expect(await idsFor({ address: 'secret@example.org' }, admin)).toEqual([hidden.id])
      expect(await idsFor({ status: 'refused' }, admin)).toEqual([others.id])
      expect(await idsFor({ direction: 'submission' }, admin)).toEqual([sent.id])
      expect(await idsFor({ remote_address: '2001:DB8::1' }, admin)).toEqual([sent.id])
      const mapped = await idsFor({ remote_address: '::ffff:192.0.2.1' }, admin)
      expect(mapped).toEqual(await idsFor({ remote_address: '192.0.2.1' }, admin))
      expect(mapped).toContain(own.id)
      expect(await idsFor({ reason: 'unknown' }, admin)).toEqual([others.id])
      expect(await idsFor({ reason: 'mailbox_full' }, admin)).toEqual([])
      expect(await idsFor({ after: sent.startedAt.toISOString() }, admin)).toEqual([others.id, sent.id])
      expect(await idsFor({ before: hidden.startedAt.toISOString() }, admin)).toEqual([own.id])
    })

    it('has pages without a repeat or a gap', async () => {
      const admin = await world.as('super_admin')
      const paged: string[] = []
      let cursor: string | undefined
      do {
        const page = await listJourneys(admin, { limit: 2, cursor })
        paged.push(...page.data.map(({ id }) => id))
        cursor = page.pagination.cursor ?? undefined
      } while (cursor !== undefined)
      expect(paged).toEqual(await idsFor({ limit: 100 }, admin))
    })

    it('finds the journey of a message by its id and by its Message-ID', async () => {
      const item = makeItem(world.mailbox, { index: { messageId: 'known@example.net' } })
      await get().db.transaction((tx) => acceptMessages(tx, [item], get().changes))
      const messageId = item.objects[0]?.copies[0]?.messageId ?? ''
      for (const id of [messageId, 'known@example.net', '<known@example.net>']) {
        expect(await idsFor({ message_id: id })).toEqual([item.journey.id])
      }
      const opened = await getMessageJourney(world.ctx, { id: messageId })
      expect(opened).toMatchObject({ id: item.journey.id, message_ids: [messageId] })
    })
  })

  describe('one journey', () => {
    it('does not show a recipient who else got the message', async () => {
      const opened = await getJourney(world.ctx, { id: hidden.id })
      expect(JSON.stringify(opened)).not.toContain('secret@example.org')
      expect(opened).toMatchObject({ to: [world.mailbox.address], recipients: [{ address: world.mailbox.address }] })
      const full = await getJourney(await world.as('tenant_admin'), { id: hidden.id })
      expect(full.recipients).toHaveLength(2)
      expect(full.steps).toHaveLength(2)
    })

    it('shows the login of who sent it to the sender and to administrators alone', async () => {
      const login = { ...STEP, kind: 'auth', name: 'login', detail: 'who@example.org', recipient: null } as const
      const aliased = journey([to(world.mailbox.tenantId, world.mailbox.address)], {
        tenantId: world.mailbox.tenantId,
        userId: createId('usr'),
        direction: 'submission',
        sender: 'team@example.org',
      })
      await record(get(), { ...aliased, steps: [login, ...aliased.steps] })
      const kinds = async (ctx: typeof world.ctx) =>
        (await getJourney(ctx, { id: aliased.id })).steps.map(({ kind }) => kind)
      expect(await kinds(world.ctx)).toEqual(['rcpt'])
      expect(await kinds(await world.as('tenant_admin'))).toEqual(['auth', 'rcpt'])
    })

    it('shows the login of who sent it to no administrator of the recipient, in another tenant', async () => {
      const theirs = await makeMailWorld(get())
      const login = { ...STEP, kind: 'auth', name: 'login', detail: 'who@example.org', recipient: null } as const
      const across = journey([to(theirs.mailbox.tenantId, theirs.mailbox.address)], {
        tenantId: world.mailbox.tenantId,
        userId: world.user.id,
        direction: 'submission',
        sender: 'team@example.org',
      })
      await record(get(), { ...across, steps: [login, ...across.steps] })
      for (const role of ['domain_admin', 'tenant_admin', 'super_admin'] as const) {
        const ctx = await theirs.as(role)
        expect(JSON.stringify(await getJourney(ctx, { id: across.id }))).not.toContain('who@')
        expect((await idsFor({ id: across.id }, ctx))[0]).toBe(across.id)
      }
      const own = await getJourney(await world.as('tenant_admin'), { id: across.id })
      expect(own.steps.map(({ kind }) => kind)).toEqual(['auth', 'rcpt'])
    })

    it('shows the sender all recipients', async () => {
      expect(await getJourney(world.ctx, { id: sent.id })).toMatchObject({ to: ['friend@example.org'] })
    })

    it('is not found by others', async () => {
      const foreign = await (await makeMailWorld(get())).as('super_admin')
      for (const [ctx, { id }] of [
        [world.ctx, others],
        [world.ctx, nobodys],
        [await world.as('tenant_admin'), nobodys],
        [foreign, own],
      ] as const) {
        await expect(getJourney(ctx, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      }
    })
  })
})
