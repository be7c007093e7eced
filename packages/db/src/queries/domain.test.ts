import { requireKey } from '@mairust/mail-core/testing'
import { describe, expect, it } from 'vitest'
import { isForeignKeyViolation } from '../dialect/index.ts'
import { LATER, makeAlias, makeDomain, makeMailbox, makeScope, withDatabases } from '../testing/index.ts'
import * as directory from './directory.ts'
import * as domain from './domain.ts'

withDatabases((get) => {
  describe('domains', () => {
    it('are paged, by name and by id', async () => {
      const scope = await makeScope(get().db)
      const made = []
      for (const name of ['one', 'two', 'three', 'o_ne', '100%']) {
        made.push(await makeDomain(get().db, scope, { name: `${name}.${scope.tenantId}` }))
      }
      const list = async (page: Partial<Parameters<typeof domain.listDomainRows>[2]>) =>
        (await domain.listDomainRows(get().db, scope, { limit: 10, ...page })).map(({ name }) => name.split('.')[0])
      expect(await list({})).toEqual(['one', 'two', 'three', 'o_ne', '100%'])
      expect(await list({ limit: 2 })).toEqual(['one', 'two'])
      expect(await list({ after: made[1]?.id })).toEqual(['three', 'o_ne', '100%'])
      expect(await list({ contains: 'ONE' })).toEqual(['one'])
      expect(await list({ contains: '_' })).toEqual(expect.arrayContaining(['o_ne']))
      expect(await list({ contains: 'o_' })).toEqual(['o_ne'])
      expect(await list({ contains: '0%.' })).toEqual(['100%'])
      expect(await list({ ids: [made[2]?.id ?? ''] })).toEqual(['three'])
      expect(await list({ ids: [] })).toEqual([])
    })

    it('are changed and removed, unless they have mailboxes', async () => {
      const scope = await makeScope(get().db)
      const { id, name } = await makeDomain(get().db, scope)
      const after = await domain.updateDomainRow(get().db, scope, id, { status: 'suspended', updatedAt: LATER })
      expect(after).toMatchObject({ name, status: 'suspended', updatedAt: LATER })
      expect(await domain.findDomain(get().db, scope, id)).toEqual(after)
      await makeMailbox(get().db, scope, { domainId: id })
      const error: unknown = await domain.deleteDomainRow(get().db, scope, id).catch((failure: unknown) => failure)
      expect(isForeignKeyViolation(error)).toBe(true)
      const empty = await makeDomain(get().db, scope)
      await makeAlias(get().db, scope, { domainId: empty.id, address: `x@${empty.name}` })
      expect(await domain.deleteDomainRow(get().db, scope, empty.id)).toBe(true)
      expect(await domain.deleteDomainRow(get().db, scope, empty.id)).toBe(false)
      expect(await directory.findAddressFacts(get().db, scope, requireKey(`x@${empty.name}`))).toBeNull()
    })
  })
})
