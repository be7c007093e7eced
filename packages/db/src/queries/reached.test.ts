import { expect, it } from 'vitest'
import { makeAlias, makeDomain, makeMailbox, makeScope, withDatabases } from '../testing/index.ts'
import { mailboxesReachedBy } from './directory.ts'
import { mailboxesReachedFrom } from './reached.ts'

withDatabases((get) => {
  it('many addresses reach the mailboxes that each of them reaches', async () => {
    const { db } = get()
    const scope = await makeScope(db)
    const { id: domainId, name } = await makeDomain(db, scope, { status: 'suspended' })
    const also = await makeDomain(db, scope, { aliasOfId: domainId })
    const at = (local: string) => `${local}@${name}`
    const box = async (local: string) => (await makeMailbox(db, scope, { domainId, address: at(local) })).id
    const alias = (local: string, targets: string[], enabled = true) =>
      makeAlias(db, scope, { domainId, address: at(local), targets, enabled })
    const [ann, bob, rest] = [await box('ann'), await box('bob'), await box('rest')]
    await alias('team', [at('ann+team'), at('inner'), 'x@elsewhere.example'])
    await alias('inner', [`bob@${also.name}`, at('team')])
    await alias('off', [at('bob')], false)
    const other = await makeScope(db)
    const foreign = await makeDomain(db, other)
    await makeMailbox(db, other, { domainId: foreign.id, address: `ann@${foreign.name}` })
    const cases: [string, string[]][] = [
      [at('ann'), [ann]],
      [at('ann+tag'), [ann]],
      [`Ann@${also.name}`, [ann]],
      [at('team'), [ann, bob]],
      [at('off+tag'), [bob]],
      [at('nobody'), []],
      [`ann@${foreign.name}`, []],
      ['not an address', []],
    ]
    const check = async () => {
      for (const [address, ids] of cases) {
        expect([...(await mailboxesReachedFrom(db, scope, [address]))].sort(), address).toEqual([...ids].sort())
        expect((await mailboxesReachedBy(db, scope.tenantId, [address])).mailboxIds.sort()).toEqual([...ids].sort())
      }
    }
    await check()
    await alias('*', [at('rest')])
    for (const [address, ids] of cases) if (address === at('nobody')) ids.push(rest)
    await check()
    const all = cases.map(([address]) => address)
    expect([...(await mailboxesReachedFrom(db, scope, all))].sort()).toEqual([ann, bob, rest].sort())
  })

  it('thousands of addresses take a few queries, and chains longer than mail follows have an end', async () => {
    const { db } = get()
    const scope = await makeScope(db)
    const { id: domainId, name } = await makeDomain(db, scope)
    const box = await makeMailbox(db, scope, { domainId, address: `last@${name}` })
    for (let n = 0; n < 12; n += 1) {
      const targets = [n === 11 ? box.address : `chain${n + 1}@${name}`]
      await makeAlias(db, scope, { domainId, address: `chain${n}@${name}`, targets })
    }
    let queries = 0
    const counted = new Proxy(db, {
      get: (target, key): unknown => {
        if (key === 'select') queries += 1
        return Reflect.get(target, key)
      },
    })
    const many = Array.from({ length: 4_000 }, (_, n) => `unknown${n}@${name}`)
    expect(await mailboxesReachedFrom(counted, scope, [...many, `chain0@${name}`])).toEqual(new Set([box.id]))
    expect(queries).toBeLessThan(50)
  })
})
