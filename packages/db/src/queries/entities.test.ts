import { describe, expect, it } from 'vitest'
import { isForeignKeyViolation, isUniqueViolation } from '../dialect.ts'
import { createId } from '../id.ts'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import { makeDomain, makeMailbox, makeMessage, makeTenant, makeUser, withDatabases } from '../testing/index.ts'
import * as alias from './alias.ts'
import * as directory from './directory.ts'
import * as domain from './domain.ts'
import * as folder from './folder.ts'
import * as mailbox from './mailbox.ts'
import * as setting from './setting.ts'
import * as tenant from './tenant.ts'
import * as user from './user.ts'

const later = new Date('2030-01-01T00:00:00Z')
const newAlias = (domainId: string, address: string) => ({
  id: createId('als'),
  domainId,
  address,
  targets: ['a@b.example'],
  enabled: true,
  createdAt: later,
  updatedAt: later,
})

withDatabases((get) => {
  const newTenant = async () => ({ tenantId: (await makeTenant(get().db)).id })

  describe('domains', () => {
    it('are listed in pages, by name and by id', async () => {
      const scope = await newTenant()
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

    it('change and go, unless they have mailboxes', async () => {
      const scope = await newTenant()
      const { id, name } = await makeDomain(get().db, scope)
      const after = await domain.updateDomainRow(get().db, scope, id, { status: 'suspended', updatedAt: later })
      expect(after).toMatchObject({ name, status: 'suspended', updatedAt: later })
      expect(await domain.findDomain(get().db, scope, id)).toEqual(after)
      await makeMailbox(get().db, scope, { domainId: id })
      const error: unknown = await domain.deleteDomainRow(get().db, scope, id).catch((failure: unknown) => failure)
      expect(isForeignKeyViolation(error)).toBe(true)
      const empty = await makeDomain(get().db, scope)
      await alias.insertAlias(get().db, scope, newAlias(empty.id, `x@${empty.name}`))
      expect(await domain.deleteDomainRow(get().db, scope, empty.id)).toBe(true)
      expect(await domain.deleteDomainRow(get().db, scope, empty.id)).toBe(false)
      expect(await directory.findAddressFacts(get().db, `x@${empty.name}`)).toBeNull()
    })
  })

  describe('users', () => {
    it('are listed by text, role and domain', async () => {
      const scope = await newTenant()
      const mail = (name: string) => `${name}@${scope.tenantId}.example`
      await makeUser(get().db, scope, { email: mail('alice'), name: 'Alice Ångström', role: 'super_admin' })
      await makeUser(get().db, scope, { email: mail('bob'), name: 'Bob', suspended: true })
      await makeUser(get().db, scope, { email: `x@sub.${scope.tenantId}.example`, name: 'Carol' })
      const list = async (page: Partial<Parameters<typeof user.listUserRows>[2]>) =>
        (await user.listUserRows(get().db, scope, { limit: 10, ...page })).map(({ name }) => name.split(' ')[0])
      expect(await list({})).toEqual(['Alice', 'Bob', 'Carol'])
      expect(await list({ contains: 'ALI' })).toEqual(['Alice'])
      expect(await list({ contains: 'bob@' })).toEqual(['Bob'])
      expect(await list({ role: 'super_admin' })).toEqual(['Alice'])
      expect(await list({ emailDomain: `${scope.tenantId}.example` })).toEqual(['Alice', 'Bob'])
      expect(await user.countActiveUsers(get().db, scope)).toBe(2)
      expect(await user.countActiveUsers(get().db, scope, { role: 'super_admin' })).toBe(1)
    })

    it('change, keep what is not said, and go', async () => {
      const scope = await newTenant()
      const made = await makeUser(get().db, scope, { passwordHash: 'old' })
      await user.updateUserRow(get().db, scope, made.id, { name: 'New', suspended: true, updatedAt: later })
      await user.updateUserRow(get().db, scope, made.id, { passwordHash: 'new' })
      const expected = { ...made, name: 'New', suspended: true, updatedAt: later, passwordHash: 'new' }
      expect(await user.findUserByEmail(get().db, made.email)).toEqual(expected)
      expect(await user.countActiveUsers(get().db, scope, { exceptId: made.id })).toBe(0)
      const box = await makeMailbox(get().db, scope, { userId: made.id })
      await expect(user.deleteUserRow(get().db, scope, made.id)).rejects.toThrow()
      expect(await mailbox.unassignMailboxes(get().db, scope, made.id, later)).toEqual([box.id])
      expect(await user.deleteUserRow(get().db, scope, made.id)).toBe(true)
      expect(await user.findUser(get().db, scope, made.id)).toBeNull()
    })

    it('take an email once, over all tenants', async () => {
      const made = await makeUser(get().db, await newTenant())
      const error: unknown = await makeUser(get().db, await newTenant(), { email: made.email }).catch((e: unknown) => e)
      expect(isUniqueViolation(error, 'users_email_key')).toBe(true)
    })
  })

  describe('mailboxes', () => {
    it('come with their folders', async () => {
      const scope = await newTenant()
      const box = await makeMailbox(get().db, scope)
      const roles = (await folder.listFolders(get().db, scope, box.id)).map(({ role }) => role)
      expect(roles).toEqual(['inbox', 'sent', 'drafts', 'archive', 'junk', 'trash', 'quarantine'])
      expect(await folder.findFolder(get().db, scope, box.id, 'Junk')).toMatchObject({ role: 'junk' })
      expect(await folder.findFolder(get().db, scope, box.id, 'nothing')).toBeNull()
    })

    it('are listed, found, changed and removed when they are empty', async () => {
      const scope = await newTenant()
      const owner = await makeUser(get().db, scope)
      const box = await makeMailbox(get().db, scope, { displayName: 'Sales Team', userId: owner.id })
      const other = await makeMailbox(get().db, scope)
      const list = async (page: Partial<Parameters<typeof mailbox.listMailboxRows>[2]>) =>
        (await mailbox.listMailboxRows(get().db, scope, { limit: 10, ...page })).map(({ id }) => id)
      expect(await list({})).toEqual([box.id, other.id])
      expect(await list({ contains: 'sales' })).toEqual([box.id])
      expect(await list({ userId: owner.id })).toEqual([box.id])
      expect(await list({ domainId: other.domainId })).toEqual([other.id])
      expect(await list({ ids: [other.id], after: other.id })).toEqual([])
      expect(await mailbox.findMailboxByAddress(get().db, scope, box.address)).toEqual(box)
      const change = { quotaBytes: 5_000_000_000, userId: null, updatedAt: later }
      expect(await mailbox.updateMailboxRow(get().db, scope, box.id, change)).toEqual({ ...box, ...change })
      expect(await mailbox.findMailbox(get().db, scope, box.id)).toEqual({ ...box, ...change })
      expect(await mailbox.deleteMailboxRow(get().db, scope, other.id)).toBe(true)
      await makeMessage(get(), box)
      await expect(mailbox.deleteMailboxRow(get().db, scope, box.id)).rejects.toThrow()
    })
  })

  describe('aliases', () => {
    it('are listed, found, changed and removed', async () => {
      const scope = await newTenant()
      const { id: domainId, name } = await makeDomain(get().db, scope)
      const made = await alias.insertAlias(get().db, scope, newAlias(domainId, `info@${name}`))
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

  describe('settings', () => {
    it('are put, put again, listed and deleted', async () => {
      const scope = await newTenant()
      expect(await setting.findSetting(get().db, scope, 'k')).toBeNull()
      await setting.putSetting(get().db, scope, { key: 'k', value: { a: [1] }, updatedAt: later })
      await setting.putSetting(get().db, scope, { key: 'k', value: false, updatedAt: later })
      await setting.putSetting(get().db, scope, { key: 'b', value: 'text', updatedAt: later })
      expect(await setting.findSetting(get().db, scope, 'k')).toBe(false)
      expect([...(await setting.listSettings(get().db, scope))]).toEqual([
        ['b', 'text'],
        ['k', false],
      ])
      expect(await setting.deleteSetting(get().db, scope, 'k')).toBe(true)
      expect(await setting.deleteSetting(get().db, scope, 'k')).toBe(false)
    })
  })

  describe('the directory', () => {
    it('finds domains and addresses, whoever’s they are', async () => {
      const scope = await newTenant()
      const { id: domainId, name, status } = await makeDomain(get().db, scope)
      const box = await makeMailbox(get().db, scope, { domainId, address: `box@${name}`, quotaBytes: 7 })
      const catchAll = await alias.insertAlias(get().db, scope, newAlias(domainId, `*@${name}`))
      expect(await directory.findDomainFacts(get().db, name)).toEqual({ id: domainId, name, status, ...scope })
      expect(await directory.findDomainFacts(get().db, 'nobody.example')).toBeNull()
      expect(await directory.findAddressFacts(get().db, `box@${name}`)).toEqual({
        kind: 'mailbox',
        mailbox: { id: box.id, ...scope, address: box.address, suspended: false, quotaBytes: 7, usedBytes: 0 },
      })
      const answers = directory.databaseDirectory(get().db)
      expect(await answers.domain(name)).toMatchObject({ id: domainId })
      expect(await answers.address(scope.tenantId, `*@${name}`)).toMatchObject({ alias: { id: catchAll.id } })
      expect(await answers.address('tnt_other', `*@${name}`)).toBeNull()
      expect(await answers.address(scope.tenantId, `no@${name}`)).toBeNull()
    })

    it('tells which domain a domain alias stands for', async () => {
      const scope = await newTenant()
      const real = await makeDomain(get().db, scope)
      const also = await makeDomain(get().db, scope, { aliasOfId: real.id })
      expect(await directory.findDomainFacts(get().db, also.name)).toMatchObject({
        name: also.name,
        aliasOf: real.name,
      })
      expect(await domain.domainInUse(get().db, scope, real.id)).toBe('domain')
      expect(await domain.domainInUse(get().db, scope, also.id)).toBeNull()
    })

    it('knows the postmaster of a tenant: the oldest administrator who has a mailbox', async () => {
      const scope = await newTenant()
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

    it('knows the tenant of the first administrator', async () => {
      const scope = await newTenant()
      const made = await makeUser(get().db, scope, { role: 'super_admin', createdAt: new Date(1) })
      expect(await directory.databaseDirectory(get().db).defaultTenant()).toBe(scope.tenantId)
      expect(await user.findOldestUser(get().db, 'super_admin')).toMatchObject({ id: made.id })
    })
  })

  it('counts tenants without the system’s own', async () => {
    const before = await tenant.countTenants(get().db)
    await newTenant()
    expect(await tenant.countTenants(get().db)).toBe(before + 1)
    expect((await tenant.findFirstTenant(get().db))?.id).not.toBe(SYSTEM_TENANT)
  })

  it('shows, changes and removes nothing of another tenant', async () => {
    const { db } = get()
    const scope = await newTenant()
    const foreign = await newTenant()
    const { id: domainId, name } = await makeDomain(db, scope)
    const { id: userId } = await makeUser(db, scope)
    const box = await makeMailbox(db, scope, { domainId, userId })
    const als = await alias.insertAlias(db, scope, newAlias(domainId, `info@${name}`))
    await setting.putSetting(db, scope, { key: 'k', value: 1, updatedAt: later })
    const page = { limit: 10 }
    const nothing: [string, Promise<unknown>][] = [
      ['findDomain', domain.findDomain(db, foreign, domainId)],
      ['updateDomainRow', domain.updateDomainRow(db, foreign, domainId, { status: 'suspended' })],
      ['deleteDomainRow', domain.deleteDomainRow(db, foreign, domainId)],
      ['listDomainRows', domain.listDomainRows(db, foreign, page)],
      ['findUser', user.findUser(db, foreign, userId)],
      ['updateUserRow', user.updateUserRow(db, foreign, userId, { name: 'x' })],
      ['deleteUserRow', user.deleteUserRow(db, foreign, userId)],
      ['listUserRows', user.listUserRows(db, foreign, page)],
      ['countActiveUsers', user.countActiveUsers(db, foreign)],
      ['findMailbox', mailbox.findMailbox(db, foreign, box.id)],
      ['findMailboxByAddress', mailbox.findMailboxByAddress(db, foreign, box.address)],
      ['updateMailboxRow', mailbox.updateMailboxRow(db, foreign, box.id, { displayName: 'x' })],
      ['deleteMailboxRow', mailbox.deleteMailboxRow(db, foreign, box.id)],
      ['listMailboxRows', mailbox.listMailboxRows(db, foreign, page)],
      ['unassignMailboxes', mailbox.unassignMailboxes(db, foreign, userId, later)],
      ['listFolders', folder.listFolders(db, foreign, box.id)],
      ['findFolder', folder.findFolder(db, foreign, box.id, 'Inbox')],
      ['findAlias', alias.findAlias(db, foreign, als.id)],
      ['findAliasByAddress', alias.findAliasByAddress(db, foreign, als.address)],
      ['updateAliasRow', alias.updateAliasRow(db, foreign, als.id, { enabled: false })],
      ['deleteAliasRow', alias.deleteAliasRow(db, foreign, als.id)],
      ['listAliasRows', alias.listAliasRows(db, foreign, page)],
      ['findSetting', setting.findSetting(db, foreign, 'k')],
      ['deleteSetting', setting.deleteSetting(db, foreign, 'k')],
    ]
    for (const [query, answer] of nothing) {
      const found = await answer
      expect(Array.isArray(found) ? found.length === 0 : !found, query).toBe(true)
    }
    await user.updateUserRow(db, foreign, userId, { passwordHash: 'stolen' })
    expect(await user.findUser(db, scope, userId)).toMatchObject({ passwordHash: null })
    await expect(makeMailbox(db, foreign, { domainId })).rejects.toSatisfy(isForeignKeyViolation)
    await expect(alias.insertAlias(db, foreign, newAlias(domainId, `y@${name}`))).rejects.toSatisfy(
      isForeignKeyViolation,
    )
  })
})
