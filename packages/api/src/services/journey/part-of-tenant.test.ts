import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { type JourneyWorld, makeJourneyWorld, type Person } from '../../testing/journeys.ts'

const FAR = 'friend@far.example'
const full = { status: 'deferred', reason: 'mailbox_full' } as const
/** The addresses that a text names. */
const addressesIn = (text: string): string[] => text.match(/[\w+.-]+@[\w.-]+/g) ?? []
const of = (address: string): string => `address=${encodeURIComponent(address)}`

withDatabases((get) => {
  let world: JourneyWorld
  let boss: Person
  let ann: Person
  beforeEach(async () => {
    world = await makeJourneyWorld(get())
    boss = await world.person('super_admin')
    ann = await world.person('user')
  })

  /** Ways in which an administrator looks at journeys, of the whole tenant or of a part of it. */
  const VIEWS: [string, () => Promise<{ viewer: Person; as: string }>][] = [
    ['the session of a tenant_admin', () => session('tenant_admin')],
    ['a key of a tenant_admin for a domain', () => key('tenant_admin')],
    ['a key of a tenant_admin for mailboxes', () => key('tenant_admin', [boss, ann])],
    ['the session of a domain_admin', () => session('domain_admin')],
    ['a key of a domain_admin for mailboxes', () => key('domain_admin', [boss, ann])],
  ]
  const session = async (role: 'tenant_admin' | 'domain_admin') => {
    const viewer = await world.person(role)
    return { viewer, as: viewer.as }
  }
  const key = async (role: 'tenant_admin' | 'domain_admin', people?: Person[]) => {
    const viewer = await world.person(role)
    const to = people?.map(({ mailbox }) => mailbox.id)
    const narrowing = to === undefined ? { domains: [world.domain.name] } : { mailboxes: to }
    return { viewer, as: await world.test.key(viewer.user, [{ scope: 'read', ...narrowing }]) }
  }
  const sentBy = ({ user }: Person) => ({
    userId: user.id,
    sender: user.email,
    direction: 'submission' as const,
  })
  const expectHidden = async (as: string, ids: readonly string[]) => {
    for (const filter of ['', 'status=accepted', 'status=deferred', 'reason=mailbox_full', of(boss.mailbox.address)]) {
      const found = await world.listed(as, filter)
      expect(
        found.filter((id) => ids.includes(id ?? '')),
        filter,
      ).toEqual([])
    }
    for (const id of ids) {
      expect((await world.opened(as, id)).status, id).toBe(404)
      expect((await world.opened(world.root, id)).status).toBe(200)
    }
  }

  describe.each(VIEWS)('%s', (_view, look) => {
    it('shows no journey of a higher role’s mail, now or after the role was taken away', async () => {
      const { as } = await look()
      const { address } = boss.mailbox
      const gone = [
        await world.travel([world.to(address)], [boss.mailbox]),
        await world.travel([world.to(address)], [boss.mailbox], sentBy(ann)),
      ]
      await world.purge(boss)
      const kept = await world.travel([world.to(boss.at('bank'))], [boss.mailbox])
      const hidden = [
        ...gone,
        await world.travel([world.to(address, full)], [], { status: 'deferred' }),
        await world.travel([world.to(boss.at('bank'), full)], [], { status: 'deferred' }),
        await world.travel([world.to(ann.mailbox.address)], [ann.mailbox], sentBy(boss)),
        await world.travel([world.to(FAR)], [], sentBy(boss)),
      ]
      await expectHidden(as, [...hidden, kept])
      await world.setRole(boss, 'user')
      await expectHidden(as, hidden)
      // Of what is in the mailbox, that it came.
      const { items } = await world.test.send('GET', `/messages?mailbox=${boss.mailbox.id}`, { as })
      expect(items).toHaveLength(1)
      const ofMessage = await world.test.send('GET', `/messages/${items[0]?.['id'] ?? ''}/journey`, { as })
      expect(ofMessage.data).toMatchObject({ id: kept, status: 'accepted', to: [], recipients: [] })
      expect(await world.listed(as, `id=${kept}&status=accepted`)).toEqual([kept])
      expect(await world.listed(as, `id=${kept}&${of(boss.at('bank'))}`)).toEqual([])
      const later = await world.travel([world.to(address, full)], [], { status: 'deferred' })
      expect(await world.listed(as, `reason=mailbox_full&${of(address)}`)).toEqual([later])
    })

    it('shows the part of the others, without what became of the higher role’s', async () => {
      const { as } = await look()
      const { address } = ann.mailbox
      const recipients = [world.to(address), world.to(boss.at('bank'), full)]
      const id = await world.travel(recipients, [ann.mailbox], { status: 'partial' })
      const check = async () => {
        const { data } = await world.test.send('GET', `/journeys/${id}`, { as })
        expect(data).toMatchObject({ status: 'accepted', reason: null, to: [address] })
        expect(JSON.stringify(data)).not.toContain(boss.at('bank'))
        for (const filter of ['status=accepted', of(address)]) {
          expect(await world.listed(as, `id=${id}&${filter}`), filter).toEqual([id])
        }
        for (const filter of ['status=partial', 'status=deferred', 'reason=mailbox_full', of(boss.at('bank'))]) {
          expect(await world.listed(as, `id=${id}&${filter}`), filter).toEqual([])
        }
      }
      await check()
      await world.setRole(boss, 'user')
      await check()
    })

    it('shows what was sent from its mailboxes, all but higher roles’ recipients', async () => {
      const { as } = await look()
      const whole = await world.travel([world.to(FAR, full)], [], { ...sentBy(ann), status: 'deferred' })
      expect((await world.opened(as, whole)).text).toContain(FAR)
      const recipients = [world.to(FAR, full), world.to(boss.mailbox.address)]
      const mixed = await world.travel(recipients, [], { ...sentBy(ann), status: 'partial' })
      const { data } = await world.test.send('GET', `/journeys/${mixed}`, { as })
      expect(data).toMatchObject({ status: 'deferred', reason: 'mailbox_full', to: [FAR] })
      for (const id of [whole, mixed]) {
        for (const filter of ['status=deferred', 'reason=mailbox_full', of(FAR)]) {
          expect(await world.listed(as, `id=${id}&${filter}`), filter).toEqual([id])
        }
      }
      expect(await world.listed(as, `id=${mixed}&${of(boss.mailbox.address)}`)).toEqual([])
    })
  })

  it('a key for a part of the tenant shows nothing that the session of the same administrator does not', async () => {
    const viewer = await world.person('tenant_admin')
    const scopes = [{ scope: 'read' as const, domains: [world.domain.name] }]
    const as = await world.test.key(viewer.user, scopes)
    const [a, b, own] = [ann.mailbox, boss.mailbox, viewer.mailbox]
    const team = await world.alias([a.address, b.address])
    for (const from of [{}, sentBy(boss), sentBy(ann), sentBy(viewer)]) {
      await world.travel([world.to(team)], [a, b], from)
      await world.travel([world.to(a.address, full), world.to(b.address)], [b], from)
      await world.travel([world.to(a.address), world.to(own.address), world.to(b.address)], [a, b, own], from)
      await world.travel([world.to(boss.at('tag'), full), world.to(FAR, full)], [], from)
    }
    const check = async () => {
      const shown = await world.listed(as, '')
      expect(shown.length).toBeGreaterThan(0)
      expect(await world.listed(viewer.as, '')).toEqual(expect.arrayContaining(shown))
      for (const id of shown) {
        const [part, all] = [await world.opened(as, id ?? ''), await world.opened(viewer.as, id ?? '')]
        expect([part.status, all.status]).toEqual([200, 200])
        expect(addressesIn(all.text)).toEqual(expect.arrayContaining(addressesIn(part.text)))
      }
    }
    await check()
    await world.purge(boss)
    await check()
    await world.setRole(boss, 'tenant_admin')
    await check()
  })

  it('a key that lost the role of its maker shows nothing of what the maker got in that role', async () => {
    const viewer = await world.person('tenant_admin')
    const body = { name: 'made', user_id: viewer.user.id, scopes: [{ scope: 'read' }] }
    const made = await world.test.send('POST', '/admin/api-keys', { as: boss.as, body })
    const as = made.data['key'] ?? ''
    const gone = await world.travel([world.to(boss.mailbox.address)], [boss.mailbox])
    await world.purge(boss)
    await world.setRole(boss, 'user')
    const later = await world.travel([world.to(boss.mailbox.address)], [boss.mailbox])
    expect(await world.listed(as, of(boss.mailbox.address))).toEqual([later])
    expect((await world.opened(as, gone)).status).toBe(404)
  })

  describe('nobody’s own mail is hidden from them', () => {
    it.each(['user', 'domain_admin', 'tenant_admin'] as const)('%s', async (role) => {
      const me = await world.person(role)
      const [to, mine] = [boss.mailbox.address, me.mailbox.address]
      const sent = await world.travel([world.to(to), world.to(FAR)], [boss.mailbox], sentBy(me))
      const only = await world.travel([world.to(to, full)], [], { ...sentBy(me), status: 'deferred' })
      expect(await world.listed(me.as, of(to))).toEqual([only, sent])
      for (const filter of ['status=deferred', 'reason=mailbox_full', of(to)]) {
        expect(await world.listed(me.as, `id=${only}&${filter}`), filter).toEqual([only])
      }
      for (const id of [sent, only]) expect((await world.opened(me.as, id)).text).toContain(to)
      // What a higher role sent them, by their own part.
      const recipients = [world.to(mine), world.to(ann.mailbox.address, full), world.to(FAR)]
      const got = await world.travel(recipients, [me.mailbox], { ...sentBy(boss), status: 'partial' })
      const { items } = await world.test.send('GET', `/messages?mailbox=${me.mailbox.id}`, { as: me.as })
      const { data } = await world.test.send('GET', `/messages/${items[0]?.['id'] ?? ''}/journey`, { as: me.as })
      expect(data).toMatchObject({ id: got, status: 'accepted', to: [mine], recipients: [{ address: mine }] })
      expect(JSON.stringify(data)).not.toContain(ann.mailbox.address)
      for (const filter of ['status=accepted', of(mine)]) {
        expect(await world.listed(me.as, `id=${got}&${filter}`), filter).toEqual([got])
      }
      for (const filter of ['status=partial', 'reason=mailbox_full', of(ann.mailbox.address), of(FAR)]) {
        expect(await world.listed(me.as, `id=${got}&${filter}`), filter).toEqual([])
      }
    })
  })
})
