import { eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import { withDatabases } from '../testing/index.ts'
import { jsonField } from './text.ts'

withDatabases((get) => {
  it('reads a text in a JSON column by its key, whatever the key holds', async () => {
    const { db } = get()
    const { settings } = db.tables
    const key = `a.b"c'`
    const value = { [key]: 'found', plain: 'x' }
    await db.insert(settings).values({ tenantId: SYSTEM_TENANT, key: 'k', value, updatedAt: new Date() })
    const fields = {
      odd: jsonField(db, settings.value, key),
      plain: jsonField(db, settings.value, 'plain'),
      none: jsonField(db, settings.value, 'none'),
    }
    expect(await db.select(fields).from(settings).where(eq(settings.key, 'k'))).toEqual([
      { odd: 'found', plain: 'x', none: null },
    ])
    expect(await db.$count(settings, eq(jsonField(db, settings.value, 'plain'), 'x'))).toBe(1)
  })
})
