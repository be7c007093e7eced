import { expect, it } from 'vitest'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import { makeScope, withDatabases } from '../testing/index.ts'
import * as tenant from './tenant.ts'

withDatabases((get) => {
  it('counts tenants without the system’s own', async () => {
    const before = await tenant.countTenants(get().db)
    await makeScope(get().db)
    expect(await tenant.countTenants(get().db)).toBe(before + 1)
    expect((await tenant.findFirstTenant(get().db))?.id).not.toBe(SYSTEM_TENANT)
  })
})
