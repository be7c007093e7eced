import { tenantScope } from '@mairust/db/queries/scope'
import { acceptMessages, type JourneyInput, type RecipientResult, recordJourneys } from '@mairust/db/queries/accept'
import { findMailbox, type MailboxRow } from '@mairust/db/queries/mailbox'
import type { UserRow } from '@mairust/db/queries/user'
import type { Role } from '@mairust/db/schema'
import { makeDomain, makeItem, makeMailbox, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, signIn, type TestApi } from '../../testing/api.ts'

const SENDER = 'lawyer@secret.example'

withDatabases((get) => {
  let test: TestApi
  let top: UserRow
  let root: string
  let domain: { id: string; name: string }
  let count = 0
  beforeAll(async () => {
    test = makeTestApi(get())
    top = await test.user({ role: 'super_admin' })
    root = await signIn(test, top)
    domain = await makeDomain(get().db, tenantScope(top.tenantId))
  })

  const person = async (role: Role): Promise<{ user: UserRow; as: string }> => {
    const user = await test.user({ role, email: `p${(count += 1)}@${domain.name}` }, top.tenantId)
    return { user, as: await signIn(test, user) }
  }
  const newAddress = () => `a${(count += 1)}@${domain.name}`
  const box = (user: UserRow, address = newAddress()) =>
    makeMailbox(get().db, tenantScope(top.tenantId), { domainId: domain.id, userId: user.id, address })
  /** Gives an address to a new mailbox of a user, as an administrator does, now. */
  const take = async (address: string, user: UserRow, as = root): Promise<MailboxRow> => {
    const made = await test.send('POST', '/mailboxes', { as, body: { address, user_id: user.id } })
    expect(made.status).toBe(201)
    const row = await findMailbox(get().db, tenantScope(top.tenantId), made.data['id'] ?? '')
    if (row === null) throw new Error('not made')
    return row
  }
  const rename = async (mailbox: MailboxRow) => {
    const body = { address: newAddress() }
    expect((await test.send('PATCH', `/mailboxes/${mailbox.id}`, { as: root, body })).status).toBe(200)
  }
  const later = (): Date => {
    test.clock.now = new Date(test.clock.now.getTime() + 60_000)
    return test.clock.now
  }
  const to = (address: string, values: Partial<RecipientResult> = {}): RecipientResult => ({
    tenantId: top.tenantId,
    address,
    status: 'accepted',
    reply: `250 ${address}`,
    ...values,
  })
  /** Records a journey that begins a minute later than everything before; the mailboxes get a message each. */
  const travel = async (
    recipients: RecipientResult[],
    mailboxes: MailboxRow[],
    values: Partial<JourneyInput> = {},
  ): Promise<string> => {
    const startedAt = later()
    const base = makeItem({ tenantId: top.tenantId, id: mailboxes[0]?.id ?? '' })
    const step = { at: startedAt.toISOString(), ms: 1, kind: 'rcpt', result: 'ok', detail: '' } as const
    const journey: JourneyInput = {
      ...base.journey,
      tenantId: top.tenantId,
      sender: SENDER,
      startedAt,
      recipients,
      steps: recipients.map(({ address }) => ({ ...step, name: address, recipient: address })),
      ...values,
    }
    const objects = mailboxes.flatMap(({ id }) => makeItem({ tenantId: top.tenantId, id }).objects)
    await get().db.transaction(async (tx) => {
      if (mailboxes.length === 0) await recordJourneys(tx, [journey])
      else await acceptMessages(tx, [{ ...base, journey, objects }], get().changes)
    })
    return journey.id
  }
  const listed = async (as: string, query = '') => {
    const { items } = await test.send('GET', `/journeys?limit=100${query}`, { as })
    return items.map(({ id }) => id)
  }
  const opened = async (as: string, id: string) => {
    const { status, json } = await test.send('GET', `/journeys/${id}`, { as })
    return { status, text: JSON.stringify(json) }
  }

  describe('who gets an address sees no journey of who had it before', () => {
    it.each(['user', 'domain_admin'] as const)('neither its mail nor what was sent from it: %s', async (role) => {
      const [old, next] = [await person('user'), await person(role)]
      const former = await box(old.user)
      const { address } = former
      const received = await travel([to(address)], [former])
      const refused = await travel([to(address, { status: 'refused', reason: 'spam' })], [], { status: 'refused' })
      const sent = await travel([to('friend@far.example')], [], { userId: old.user.id, sender: address })
      expect((await listed(old.as)).sort()).toEqual([received, refused, sent].sort())
      await rename(former)
      later()
      const mailbox = await take(address, next.user)
      const filters = ['', '&status=accepted', '&status=refused', '&reason=spam', `&address=${address}`]
      // A domain_admin sees the renamed mailbox itself, in its domain.
      const still = role === 'user' ? [] : [received]
      for (const filter of filters) {
        const ids = await listed(next.as, filter)
        for (const id of [received, refused, sent]) if (!still.includes(id)) expect(ids, filter).not.toContain(id)
      }
      for (const id of [refused, sent]) expect((await opened(next.as, id)).status).toBe(404)
      const first = await travel([to(address)], [mailbox])
      expect(await listed(next.as, `&address=${address}`)).toContain(first)
      // What is in the mailbox stays with it, and so does what its owner sent.
      expect((await listed(old.as)).sort()).toEqual([received, sent].sort())
    })

    it('not even as a part of a journey that concerns them, too', async () => {
      const [old, next] = [await person('user'), await person('user')]
      const former = await box(old.user)
      const own = await box(next.user)
      const id = await travel([to(former.address, { status: 'refused', reason: 'spam' }), to(own.address)], [own])
      await rename(former)
      later()
      await take(former.address, next.user)
      const { status, text } = await opened(next.as, id)
      expect([status, text.includes(own.address), text.includes(former.address)]).toEqual([200, true, false])
      for (const filter of [`&address=${former.address}`, '&reason=spam', '&status=refused']) {
        expect(await listed(next.as, `${filter}&id=${id}`), filter).toEqual([])
      }
    })
  })

  it('who gets a mailbox sees no journey of its former owner’s mail but those of what is still in it', async () => {
    const [old, next] = [await person('user'), await person('user')]
    const given = await box(old.user)
    const received = await travel([to(given.address)], [given])
    const refused = await travel([to(given.address, { status: 'refused', reason: 'spam' })], [], { status: 'refused' })
    later()
    const body = { user_id: next.user.id }
    expect((await test.send('PATCH', `/mailboxes/${given.id}`, { as: root, body })).status).toBe(200)
    const first = await travel([to(given.address, { status: 'refused', reason: 'spam' })], [], { status: 'refused' })
    expect((await listed(next.as)).sort()).toEqual([received, first].sort())
    expect((await opened(next.as, refused)).status).toBe(404)
  })

  describe('journeys of a hidden mailbox stay hidden under an address that it had', () => {
    it.each(['domain_admin', 'tenant_admin'] as const)('for a %s, whoever has the address now', async (role) => {
      const [boss, admin, ann] = [await person('super_admin'), await person(role), await person('user')]
      const hidden = await box(boss.user)
      const anns = await box(ann.user)
      const only = await travel([to(hidden.address)], [hidden])
      const both = await travel([to(hidden.address, { reason: 'spam' }), to(anns.address)], [hidden, anns])
      const check = async () => {
        const ids = await listed(admin.as)
        expect([ids.includes(only), ids.includes(both)]).toEqual([false, true])
        expect((await opened(admin.as, only)).status).toBe(404)
        const { text } = await opened(admin.as, both)
        expect([text.includes(anns.address), text.includes(hidden.address)]).toEqual([true, false])
        for (const filter of [`&address=${hidden.address}`, '&reason=spam']) {
          expect(await listed(admin.as, `${filter}&id=${both}`), filter).toEqual([])
        }
        expect(await listed(admin.as, `&address=${anns.address}`)).toEqual([both])
        expect(await listed(admin.as, `&id=${both}&status=accepted`)).toEqual([both])
      }
      await check()
      await rename(hidden)
      await check()
      later()
      await take(hidden.address, admin.user, admin.as)
      await check()
      expect((await opened(root, both)).text).toContain(hidden.address)
    })
  })

  it('a mailbox has its address since it was made, or since the address changed', async () => {
    const { user } = await person('user')
    const since = async ({ id }: MailboxRow) =>
      (await findMailbox(get().db, tenantScope(top.tenantId), id))?.addressSince ?? null
    const mailbox = await take(newAddress(), user)
    const change = (body: object) => test.send('PATCH', `/mailboxes/${mailbox.id}`, { as: root, body })
    await change({ address: mailbox.address, display_name: 'Same', user_id: null })
    expect(await since(mailbox)).toBeNull()
    const at = later()
    await rename(mailbox)
    expect(await since(mailbox)).toEqual(at)
  })
})
