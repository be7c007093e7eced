import { withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { signIn } from '../../testing/api.ts'
import { type JourneyWorld, makeJourneyWorld, type Person, SENDER } from '../../testing/journeys.ts'

const full = { status: 'deferred', reason: 'mailbox_full' } as const
const of = (address: string): string => `address=${encodeURIComponent(address)}`

withDatabases((get) => {
  let world: JourneyWorld
  beforeAll(async () => {
    world = await makeJourneyWorld(get())
  })

  /** None of these is in a list, by any filter, or has a page; a super_admin sees them. */
  const expectHidden = async (journeys: ReadonlyMap<string, string>) => {
    const addresses = [...new Set(journeys.values())].map(of)
    for (const filter of ['', 'status=accepted', 'status=deferred', 'reason=mailbox_full', of(SENDER), ...addresses]) {
      const found = await world.listed(world.admin, filter)
      expect(
        found.filter((id) => journeys.has(id ?? '')),
        filter,
      ).toEqual([])
    }
    for (const [id, address] of journeys) {
      expect((await world.opened(world.admin, id)).status).toBe(404)
      expect((await world.opened(world.root, id)).text).toContain(address)
    }
  }

  describe('a tenant_admin sees no journey of a super_admin’s mail, by whatever address it came', () => {
    const fates: [string, (boss: Person) => Promise<unknown>][] = [
      ['while it is there', () => Promise.resolve()],
      ['after the mail was purged', (boss) => world.purge(boss)],
      ['after the mailbox got another address', (boss) => world.rename(boss)],
      ['after both', (boss) => world.rename(boss).then(() => world.purge(boss))],
      ['after the mailbox was removed', ({ mailbox }) => world.remove(`/mailboxes/${mailbox.id}`)],
    ]
    it.each(fates)('%s', async (_when, happen) => {
      const boss = await world.person('super_admin')
      const journeys = new Map<string, string>()
      for (const address of await world.addressesOf(boss)) {
        journeys.set(await world.travel([world.to(address)], [boss.mailbox]), address)
        journeys.set(await world.travel([world.to(address, full)], [], { status: 'deferred' }), address)
        journeys.set(await world.travel([world.to(address, { status: 'aborted' })], [], { status: 'aborted' }), address)
      }
      await happen(boss)
      await expectHidden(journeys)
    })

    it('when nobody with a higher role has a mailbox', async () => {
      const boss = await world.person('super_admin')
      const id = await world.travel([world.to(boss.at('bank'))], [boss.mailbox])
      const { mailboxes } = get().db.tables
      const owned = (await get().db.select().from(mailboxes)).filter(({ userId }) => userId !== null)
      for (const { id: mailboxId, tenantId } of owned) {
        if (tenantId === world.top.tenantId) await world.remove(`/mailboxes/${mailboxId}`)
      }
      await expectHidden(new Map([[id, boss.at('bank')]]))
    })

    it('after the role was taken away: of what is in the mailbox, only that it came', async () => {
      const boss = await world.person('super_admin')
      const { address } = boss.mailbox
      const refused = await world.travel([world.to(address, full)], [], { status: 'deferred' })
      const kept = await world.travel([world.to(address)], [boss.mailbox])
      await world.setRole(boss, 'tenant_admin')
      await expectHidden(new Map([[refused, address]]))
      expect(await world.listed(world.admin, of(address))).toEqual([])
      const { status, text } = await world.opened(world.admin, kept)
      expect([status, text.includes(address)]).toEqual([200, false])
      const later = await world.travel([world.to(address)], [boss.mailbox])
      expect((await world.opened(world.admin, later)).text).toContain(address)
      // What is their own is not hidden from them.
      const as = await signIn(world.test, boss.user)
      expect(await world.listed(as, of(address))).toEqual([later, kept, refused])
      expect((await world.opened(as, refused)).text).toContain(address)
    })

    it('that came before the role', async () => {
      const ann = await world.person('user')
      const { address } = ann.mailbox
      const [kept, refused] = [
        await world.travel([world.to(address)], [ann.mailbox]),
        await world.travel([world.to(address, full)]),
      ]
      expect(await world.listed(world.admin, of(address))).toEqual([refused, kept])
      await world.setRole(ann, 'super_admin')
      const later = await world.travel([world.to(ann.at('bank'), full)])
      const journeys = [kept, refused].map((id): [string, string] => [id, address])
      await expectHidden(new Map([...journeys, [later, ann.at('bank')]]))
    })

    it('nor what they sent, even when they, their mailbox or their role are gone', async () => {
      const send = async ({ user }: Person) =>
        world.travel([world.to('friend@far.example')], [], {
          userId: user.id,
          sender: user.email,
          direction: 'submission',
        })
      const [boss, former, gone] = [
        await world.person('super_admin'),
        await world.person('super_admin'),
        await world.person('super_admin'),
      ]
      const ids = [await send(boss), await send(former), await send(gone)]
      await world.remove(`/mailboxes/${boss.mailbox.id}`)
      await world.setRole(former, 'tenant_admin')
      await world.remove(`/users/${gone.user.id}`)
      await expectHidden(new Map(ids.map((id) => [id, 'friend@far.example'])))
      expect(await world.listed(await signIn(world.test, former.user), of(former.user.email))).toEqual([ids[1]])
    })
  })

  describe('of a journey to a super_admin and others, a tenant_admin sees the part of the others', () => {
    const expectPart = async (id: string, seen: string[], hidden: string[]) => {
      const { status, text } = await world.opened(world.admin, id)
      expect(status).toBe(200)
      for (const address of seen) {
        expect(text).toContain(address)
        expect(await world.listed(world.admin, `id=${id}&${of(address)}`)).toEqual([id])
      }
      for (const address of hidden) {
        expect(text).not.toContain(address)
        expect(await world.listed(world.admin, `id=${id}&${of(address)}`)).toEqual([])
        expect((await world.opened(world.root, id)).text).toContain(address)
      }
    }

    it('delivered or purged, and no result of the super_admin', async () => {
      const [boss, ann] = [await world.person('super_admin'), await world.person('user')]
      const hidden = [boss.mailbox.address, boss.at('bank')]
      const recipients = [
        world.to(ann.mailbox.address),
        world.to(boss.at('bank'), { status: 'refused', reason: 'spam', reply: '550 spam' }),
        world.to(boss.mailbox.address),
      ]
      const id = await world.travel(recipients, [ann.mailbox, boss.mailbox], { status: 'partial' })
      const check = async () => {
        await expectPart(id, [ann.mailbox.address], hidden)
        const { data } = await world.test.send('GET', `/journeys/${id}`, { as: world.admin })
        expect(data).toMatchObject({ status: 'accepted', reason: null, to: [ann.mailbox.address] })
        expect(data['recipients']).toHaveLength(1)
        expect(await world.listed(world.admin, `id=${id}&status=accepted`)).toEqual([id])
        for (const filter of ['status=partial', 'status=refused', 'reason=spam']) {
          expect(await world.listed(world.admin, `id=${id}&${filter}`), filter).toEqual([])
        }
      }
      await check()
      await world.purge(boss)
      await check()
      await world.rename(boss)
      await check()
      await world.remove(`/mailboxes/${boss.mailbox.id}`)
      await check()
    })

    it('refused for all, with addresses that are nobody’s', async () => {
      const [boss, ann] = [await world.person('super_admin'), await world.person('user')]
      const nobody = `nobody@${world.domain.name}`
      const unknown = { status: 'refused', reason: 'unknown', reply: '550 unknown' } as const
      const recipients = [world.to(boss.at('bank'), full), world.to(nobody, unknown), world.to(ann.at('tag'), unknown)]
      const id = await world.travel(recipients, [], { status: 'partial' })
      await expectPart(id, [nobody, ann.at('tag')], [boss.at('bank')])
      expect(await world.listed(world.admin, `id=${id}&status=refused`)).toEqual([id])
      expect(await world.listed(world.admin, `id=${id}&reason=unknown`)).toEqual([id])
      for (const filter of ['status=partial', 'status=deferred', 'reason=mailbox_full']) {
        expect(await world.listed(world.admin, `id=${id}&${filter}`), filter).toEqual([])
      }
    })

    it('through one alias: that a copy came to the others, and not the alias', async () => {
      const [boss, ann] = [await world.person('super_admin'), await world.person('user')]
      const team = await world.alias([boss.mailbox.address, ann.mailbox.address])
      const id = await world.travel([world.to(team)], [boss.mailbox, ann.mailbox])
      const check = async () => {
        const { status, text } = await world.opened(world.admin, id)
        expect([status, text.includes(ann.mailbox.address)]).toEqual([200, true])
        for (const address of [team, boss.mailbox.address]) expect(text).not.toContain(address)
        expect(await world.listed(world.admin, `id=${id}&${of(team)}`)).toEqual([])
        expect(await world.listed(world.admin, `id=${id}&status=accepted`)).toEqual([id])
      }
      await check()
      await world.purge(boss)
      await check()
      await world.purge(ann)
      await expectHidden(new Map([[id, team]]))
    })
  })

  it('a tenant_admin sees all of the mail of equals and lower roles, by whatever address it came', async () => {
    for (const role of ['tenant_admin', 'domain_admin', 'user'] as const) {
      const owner = await world.person(role)
      for (const address of await world.addressesOf(owner)) {
        const id = await world.travel([world.to(address, full)], [], { status: 'deferred' })
        expect((await world.opened(world.admin, id)).text).toContain(address)
        expect(await world.listed(world.admin, `id=${id}&${of(address)}&reason=mailbox_full`)).toEqual([id])
      }
    }
  })

  it('rows from before roles were remembered are hidden by what is there now', async () => {
    const boss = await world.person('super_admin')
    const ids = [
      await world.travel([world.to(boss.mailbox.address, full)]),
      await world.travel([world.to(boss.at('bank'), full)]),
    ]
    await get().db.update(get().db.tables.journeyRecipients).set({ ownerRole: null })
    expect(await Promise.all(ids.map((id) => world.listed(world.admin, `id=${id}`)))).toEqual([[], [ids[1]]])
  })
})
