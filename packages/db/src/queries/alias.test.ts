import { describe, expect, it } from 'vitest'
import { makeAlias, makeDomain, makeScope, withDatabases } from '../testing/index.ts'
import * as alias from './alias.ts'

withDatabases((get) => {
  describe('aliases', () => {
    it('are listed, found, changed and removed', async () => {
      const scope = await makeScope(get().db)
      const { id: domainId, name } = await makeDomain(get().db, scope)
      const made = await makeAlias(get().db, scope, { domainId, address: `info@${name}` })
      expect(await alias.findAliasByAddress(get().db, scope, `info@${name}`)).toEqual(made)
      expect(await alias.listAliasRows(get().db, scope, { limit: 5, contains: 'INFO@' })).toEqual([made])
      expect(await alias.listAliasRows(get().db, scope, { limit: 5, domainIds: [] })).toEqual([])
      expect(await alias.listAliasRows(get().db, scope, { limit: 5, after: made.id })).toEqual([])
      await alias.updateAliasRow(get().db, scope, made.id, { targets: ['x@y.example', 'z@y.example'], enabled: false })
      expect(await alias.findAlias(get().db, scope, made.id)).toMatchObject({
        targets: ['x@y.example', 'z@y.example'],
        enabled: false,
      })
      expect(await alias.deleteAliasRow(get().db, scope, made.id)).toBe(true)
      expect(await alias.deleteAliasRow(get().db, scope, made.id)).toBe(false)
    })
  })
})
