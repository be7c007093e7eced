import { withDatabases } from '@mairust/db/testing'
import { beforeEach, expect, it } from 'vitest'
import { type JourneyWorld, makeJourneyWorld, type Person } from '../../testing/journeys.ts'

withDatabases((get) => {
  let world: JourneyWorld
  let boss: Person
  let ann: Person
  let bob: Person
  beforeEach(async () => {
    world = await makeJourneyWorld(get())
    boss = await world.person('super_admin')
    ann = await world.person('user')
    bob = await world.person('user')
  })

  const step = (name: string, recipient = name, result: 'ok' | 'skipped' = 'ok') =>
    ({ at: '2026-01-01T00:00:02Z', ms: 1, kind: 'rcpt', name, result, detail: '', recipient }) as const
  /** The steps about a recipient and the mailboxes that it leads to, as receiving records them. */
  const stepsTo = (through: string, people: readonly Person[]) => [
    step(through),
    ...people.map(({ mailbox, user: { role: ownerRole } }) => ({
      ...step(mailbox.address),
      behind: { through, ownerRole },
    })),
    { ...step('gone@old.example', through, 'skipped'), behind: { through, ownerRole: null } },
  ]
  const NAMES = () => new Map([boss, ann, bob].map((person) => [person.mailbox.address, person]))
  /** Whom the steps of a journey name. */
  const named = async (as: string, id: string): Promise<unknown[]> => {
    const { text } = await world.opened(as, id)
    const { data } = JSON.parse(text) as { data: { steps: { name: string }[] } }
    return data.steps.map(({ name }) => NAMES().get(name) ?? name)
  }

  it('where an address leads is shown to whoever sees all mail there, not to the user who sends to it', async () => {
    const list = await world.alias([boss, ann, bob].map(({ mailbox }) => mailbox.address))
    const values = { userId: ann.user.id, sender: ann.user.email, direction: 'submission' as const }
    const to = [world.to(list)]
    const sent = await world.travel(to, [], { ...values, status: 'aborted', steps: stepsTo(list, [boss, ann, bob]) })
    expect(await named(ann.as, sent)).toEqual([list, ann])
    const key = await world.test.key(ann.user, [{ scope: 'read' }])
    expect(await named(key, sent)).toEqual([list, ann])
    expect(await named(world.root, sent)).toEqual([list, boss, ann, bob, 'gone@old.example'])
    const inbound = await world.travel(to, [], { steps: stepsTo(list, [boss, ann, bob]) })
    expect((await world.opened(bob.as, inbound)).status).toBe(404)
    const ours = await world.alias([ann, bob].map(({ mailbox }) => mailbox.address))
    const own = await world.travel([world.to(ours)], [], { ...values, steps: stepsTo(ours, [ann, bob]) })
    expect(await named(world.admin, own)).toEqual([ours, ann, bob, 'gone@old.example'])
  })

  it('how much is behind addresses is told to nobody else either', async () => {
    const list = await world.alias([bob.mailbox.address])
    const more = { ...step('more mailboxes', list), behind: { through: list, ownerRole: null } }
    const values = { userId: ann.user.id, sender: ann.user.email, direction: 'submission' as const }
    const sent = await world.travel([world.to(list)], [], { ...values, steps: [...stepsTo(list, [bob]), more] })
    expect(await named(ann.as, sent)).toEqual([list])
    expect(await named(world.admin, sent)).toEqual([list, bob, 'gone@old.example', 'more mailboxes'])
  })

  it('how much is behind addresses does not show in what a list has of a journey of any size', async () => {
    const values = { userId: ann.user.id, sender: ann.user.email, direction: 'submission' as const }
    const shown = async (members: number, fillers: number): Promise<unknown> => {
      const list = await world.alias([bob.mailbox.address])
      const behind = Array.from({ length: members }, () => stepsTo(list, [bob])[1] ?? step(list))
      const filler = { ...step(list), name: 'f'.repeat(300), recipient: null }
      const steps = [step(list), ...behind, ...Array.from({ length: fillers }, () => filler)]
      const id = await world.travel([world.to(list)], [], { ...values, steps })
      const { json } = await world.test.send('GET', `/journeys?id=${id}`, { as: ann.as })
      const { data } = json as { data: { steps: { name: string }[] }[] }
      return data.map(({ steps: seen }) => seen.map(({ name }) => (name === list ? 'list' : name)))
    }
    for (const fillers of [0, 5, 40, ...Array.from({ length: 20 }, (_, at) => 65 + at), 300]) {
      const [one, ten] = [await shown(1, fillers), await shown(10, fillers)]
      expect(one).toEqual([['list', ...Array.from({ length: Math.min(29, fillers) }, () => 'f'.repeat(300))]])
      expect(ten).toEqual(one)
    }
  })

  it.each(['a subaddress', 'an alias'])('who had a higher role when mail came by %s stays unnamed', async (way) => {
    const through = way === 'an alias' ? await world.alias([boss.mailbox.address]) : boss.at('payroll')
    const domainAdmin = (await world.person('domain_admin')).as
    const steps = [step(ann.mailbox.address), ...stepsTo(through, [boss])]
    const to = [world.to(ann.mailbox.address), world.to(through)]
    const id = await world.travel(to, [ann.mailbox, boss.mailbox], { steps })
    await world.purge(boss)
    const viewers = [world.admin, domainAdmin, await world.test.key(ann.user, [{ scope: 'read' }])]
    for (const as of viewers) expect(await named(as, id)).toEqual([ann])
    await world.setRole(boss, 'user')
    for (const as of viewers) expect(await named(as, id)).toEqual([ann])
    expect(await named(world.root, id)).toEqual([ann, through, boss, 'gone@old.example'])
  })
})
