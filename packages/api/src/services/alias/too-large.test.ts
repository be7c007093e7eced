import { makeTenant, withDatabases } from '@mairust/db/testing'
import { expect, it } from 'vitest'
import { systemContext } from '../../runtime.ts'
import { makeTestApi } from '../../testing/api.ts'
import { createAlias, createDomain, removeAlias, updateAlias } from '../index.ts'

withDatabases((get) => {
  it('an alias to which all mail would be refused is not made, and one that became such can be changed and removed', async () => {
    const { runtime } = makeTestApi(get())
    const tenantId = (await makeTenant(get().db)).id
    const ctx = systemContext(runtime, tenantId)
    const name = `${tenantId.replace('_', '-')}.example`
    await createDomain(ctx, { name, active: true })
    const at = (local: string) => `${local}@${name}`
    const targets = (from: number, count: number) => Array.from({ length: count }, (_, n) => at(`t${from + n}`))
    const team = async (local: string, from: number, count: number) =>
      createAlias(ctx, { address: at(local), targets: targets(from, count) })
    await team('one', 0, 90)
    const two = await team('two', 100, 90)
    const refusal = { code: 'VALIDATION_ERROR', details: [{ field: 'targets' }] }
    const all = await createAlias(ctx, { address: at('all'), targets: [at('one'), at('two')] })
    await team('three', 200, 90)
    const wide = [at('one'), at('two'), at('three')]
    await expect(createAlias(ctx, { address: at('wide'), targets: wide })).rejects.toMatchObject(refusal)
    await expect(updateAlias(ctx, { id: all.id, targets: wide })).rejects.toMatchObject(refusal)
    // What another alias leads to is not looked at here; mail to both is refused from now on.
    await updateAlias(ctx, { id: two.id, targets: [...targets(100, 90), at('three')] })
    expect(await updateAlias(ctx, { id: all.id, enabled: false })).toMatchObject({ enabled: false })
    expect(await removeAlias(ctx, { id: all.id })).toMatchObject({ deleted: true })
  })
})
