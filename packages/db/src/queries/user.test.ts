import { describe, expect, it } from 'vitest'
import { isUniqueViolation } from '../dialect/index.ts'
import { LATER, makeMailbox, makeScope, makeUser, withDatabases } from '../testing/index.ts'
import * as mailbox from './mailbox.ts'
import * as user from './user.ts'

withDatabases((get) => {
  describe('users', () => {
    it('are listed by text, role and domain', async () => {
      const scope = await makeScope(get().db)
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
      expect(await list({ emailDomains: [`${scope.tenantId}.example`] })).toEqual(['Alice', 'Bob'])
      expect(await user.countActiveUsers(get().db, scope)).toBe(2)
      expect(await user.countActiveUsers(get().db, scope, { role: 'super_admin' })).toBe(1)
    })

    it('are changed, keeping other columns, and removed', async () => {
      const scope = await makeScope(get().db)
      const made = await makeUser(get().db, scope, { passwordHash: 'old' })
      await user.updateUserRow(get().db, scope, made.id, { name: 'New', suspended: true, updatedAt: LATER })
      await user.updateUserRow(get().db, scope, made.id, { passwordHash: 'new' })
      const expected = { ...made, name: 'New', suspended: true, updatedAt: LATER, passwordHash: 'new' }
      expect(await user.findUserByEmail(get().db, made.email)).toEqual(expected)
      expect(await user.countActiveUsers(get().db, scope, { exceptId: made.id })).toBe(0)
      const box = await makeMailbox(get().db, scope, { userId: made.id })
      await expect(user.deleteUserRow(get().db, scope, made.id)).rejects.toThrow()
      expect(await mailbox.unassignMailboxes(get().db, scope, made.id, LATER)).toEqual([box.id])
      expect(await user.deleteUserRow(get().db, scope, made.id)).toBe(true)
      expect(await user.findUser(get().db, scope, made.id)).toBeNull()
    })

    it('have unique emails across tenants', async () => {
      const made = await makeUser(get().db, await makeScope(get().db))
      const error: unknown = await makeUser(get().db, await makeScope(get().db), { email: made.email }).catch(
        (e: unknown) => e,
      )
      expect(isUniqueViolation(error, 'users_email_key')).toBe(true)
    })
  })
})
