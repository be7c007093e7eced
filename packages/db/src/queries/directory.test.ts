import { describe, expect, it } from 'vitest'
import { requireKey } from '@mairust/mail-core/testing'
import { makeAlias, makeDomain, makeMailbox, makeScope, makeUser, withDatabases } from '../testing/index.ts'
import * as directory from './directory.ts'
import * as domain from './domain.ts'
import * as user from './user.ts'

withDatabases((get) => {
  describe('the directory', () => {
    it('knows whether there is any domain, whatever its status', async () => {
      const { db } = get()
      expect(await directory.databaseDirectory(db).hasDomains()).toBe(false)
      await makeDomain(db, await makeScope(db), { status: 'pending' })
      expect(await directory.databaseDirectory(db).hasDomains()).toBe(true)
    })

    it('finds domains and addresses of any tenant', async () => {
      const scope = await makeScope(get().db)
      const { id: domainId, name, status } = await makeDomain(get().db, scope)
      const owner = await makeUser(get().db, scope, { role: 'domain_admin' })
      const values = { domainId, address: `box@${name}`, quotaBytes: 7, userId: owner.id }
      const box = await makeMailbox(get().db, scope, values)
      const catchAll = await makeAlias(get().db, scope, { domainId, address: `*@${name}` })
      expect(await directory.findDomainFacts(get().db, name)).toEqual({
        id: domainId,
        name,
        status,
        dmarc: null,
        ...scope,
      })
      expect(await directory.findDomainFacts(get().db, 'nobody.example')).toBeNull()
      expect(await directory.findAddressFacts(get().db, scope, requireKey(`box@${name}`))).toEqual({
        kind: 'mailbox',
        mailbox: {
          id: box.id,
          ...scope,
          address: box.address,
          suspended: false,
          quotaBytes: 7,
          usedBytes: 0,
          ownerRole: 'domain_admin',
        },
      })
      const answers = directory.databaseDirectory(get().db)
      expect(await answers.domain(name)).toMatchObject({ id: domainId })
      expect(await answers.address(scope.tenantId, requireKey(`*@${name}`))).toMatchObject({
        alias: { id: catchAll.id },
      })
      expect(await answers.address('tnt_other', requireKey(`*@${name}`))).toBeNull()
      expect(await answers.address(scope.tenantId, requireKey(`no@${name}`))).toBeNull()
    })

    it('resolves a domain alias', async () => {
      const scope = await makeScope(get().db)
      const real = await makeDomain(get().db, scope)
      const also = await makeDomain(get().db, scope, { aliasOfId: real.id })
      expect(await directory.findDomainFacts(get().db, also.name)).toMatchObject({
        name: also.name,
        aliasOf: real.name,
      })
      expect(await domain.domainInUse(get().db, scope, real.id)).toBe('domain')
      expect(await domain.domainInUse(get().db, scope, also.id)).toBeNull()
    })

    it('finds the postmaster of a tenant: the oldest administrator with a mailbox', async () => {
      const scope = await makeScope(get().db)
      const answers = directory.databaseDirectory(get().db)
      expect(await answers.postmaster(scope.tenantId)).toBeNull()
      const at = (year: number) => new Date(`${year}-01-01T00:00:00Z`)
      await makeUser(get().db, scope, { role: 'tenant_admin', createdAt: at(2001) })
      const gone = await makeUser(get().db, scope, { role: 'tenant_admin', createdAt: at(2002), suspended: true })
      const admin = await makeUser(get().db, scope, { role: 'super_admin', createdAt: at(2003) })
      const younger = await makeUser(get().db, scope, { role: 'tenant_admin', createdAt: at(2004) })
      await makeMailbox(get().db, scope, { userId: gone.id })
      await makeMailbox(get().db, scope, { userId: younger.id })
      const box = await makeMailbox(get().db, scope, { userId: admin.id })
      expect(await answers.postmaster(scope.tenantId)).toMatchObject({ id: box.id })
    })

    it('finds the tenant of the first administrator', async () => {
      const scope = await makeScope(get().db)
      const made = await makeUser(get().db, scope, { role: 'super_admin', createdAt: new Date(1) })
      expect(await directory.databaseDirectory(get().db).defaultTenant()).toBe(scope.tenantId)
      expect(await user.findOldestUser(get().db, 'super_admin')).toMatchObject({ id: made.id })
    })
  })
})
