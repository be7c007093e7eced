import { everyTenant, tenantOfTopic } from '@mairust/db'
import { makeTenant, withDatabases } from '@mairust/db/testing'
import { expect, it } from 'vitest'
import { systemContext } from '../runtime.ts'
import {
  createAlias,
  createDomain,
  createMailbox,
  createUser,
  removeAlias,
  removeDomain,
  removeMailbox,
  updateDomain,
  updateMailbox,
} from '../services/index.ts'
import { makeTestApi } from '../testing/api.ts'

withDatabases((get) => {
  it('a change to an address or domain publishes its old and new names, and no others', async () => {
    const { runtime } = makeTestApi(get())
    const tenantId = (await makeTenant(get().db)).id
    const ctx = systemContext(runtime, tenantId)
    const topics: string[] = []
    const stops = (['addresses', 'domains', 'users'] as const).map((kind) =>
      runtime.changes.subscribe(everyTenant(kind), (topic) => {
        if (tenantOfTopic(topic) === tenantId) topics.push(topic)
      }),
    )
    const name = `${tenantId.replace('_', '-')}.example`
    const topicsOf = async <T>(change: () => Promise<T>): Promise<[string[], T]> => {
      topics.length = 0
      const result = await change()
      await expect.poll(() => topics.length).toBeGreaterThan(0)
      return [topics.map((topic) => topic.replace(tenantId, 't').replace(name, 'd')), result]
    }
    const [made, domain] = await topicsOf(() => createDomain(ctx, { name, active: true }))
    expect(made).toEqual(['domains:t:d'])
    expect((await topicsOf(() => updateDomain(ctx, { id: domain.id, active: false })))[0]).toContain('domains:t:d')
    await topicsOf(() => updateDomain(ctx, { id: domain.id, active: true }))
    const [added, mailbox] = await topicsOf(() => createMailbox(ctx, { address: `ann@${name}` }))
    expect(added).toEqual(['addresses:t:ann@d'])
    const [moved] = await topicsOf(() => updateMailbox(ctx, { id: mailbox.id, address: `bob@${name}` }))
    expect(new Set(moved)).toEqual(new Set(['addresses:t:ann@d', 'addresses:t:bob@d']))
    const [led, alias] = await topicsOf(() => createAlias(ctx, { address: `*@${name}`, targets: [`bob@${name}`] }))
    expect(led).toEqual(['addresses:t:*@d'])
    expect((await topicsOf(() => removeAlias(ctx, { id: alias.id })))[0]).toEqual(['addresses:t:*@d'])
    expect(new Set((await topicsOf(() => removeMailbox(ctx, { id: mailbox.id })))[0])).toEqual(
      new Set(['addresses:t:bob@d']),
    )
    expect((await topicsOf(() => removeDomain(ctx, { id: domain.id })))[0]).toEqual(['domains:t:d'])
    expect((await topicsOf(() => createUser(ctx, { email: `ann@${name}` })))[0]).toEqual(['users:t'])
    for (const stop of stops) stop()
  })
})
