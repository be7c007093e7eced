import { describe, expect, it } from 'vitest'
import { LATER, makeScope, withDatabases } from '../testing/index.ts'
import * as setting from './setting.ts'

withDatabases((get) => {
  describe('settings', () => {
    it('are set, replaced, listed and removed', async () => {
      const scope = await makeScope(get().db)
      expect(await setting.findSetting(get().db, scope, 'k')).toBeNull()
      await setting.putSetting(get().db, scope, { key: 'k', value: { a: [1] }, updatedAt: LATER })
      await setting.putSetting(get().db, scope, { key: 'k', value: false, updatedAt: LATER })
      await setting.putSetting(get().db, scope, { key: 'b', value: 'text', updatedAt: LATER })
      expect(await setting.findSetting(get().db, scope, 'k')).toBe(false)
      expect([...(await setting.listSettings(get().db, scope))]).toEqual([
        ['b', 'text'],
        ['k', false],
      ])
      expect(await setting.deleteSetting(get().db, scope, 'k')).toBe(true)
      expect(await setting.deleteSetting(get().db, scope, 'k')).toBe(false)
    })
  })
})
