import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import { makeDomain, makeItem, makeMailbox, makeScope, makeUser, withDatabases } from '../testing/index.ts'
import { journeyParts, result } from '../testing/journey-parts.ts'
import { recordJourneys } from './accept.ts'
import { tenantScope } from './scope.ts'

withDatabases((get) => {
  const { newMailbox, record } = journeyParts(get)

  describe('journeys', () => {
    it('find the tenant by the domain when it was unknown at RCPT', async () => {
      const a = await newMailbox()
      const { name } = await makeDomain(get().db, tenantScope(a.tenantId))
      const recipients = [result(null, `late@${name}`, 'deferred'), result(null, 'x@foreign.example', 'deferred')]
      const { of } = await record({ status: 'deferred', recipients })
      expect(of(a.tenantId)).toMatchObject({ recipients: [`late@${name}`] })
      expect(of(SYSTEM_TENANT)).toMatchObject({ recipients: ['x@foreign.example'] })
    })

    it('never go to a tenant that has not proved the domain is its own', async () => {
      const [before, owner, after] = [await newMailbox(), await newMailbox(), await newMailbox()]
      const { name } = await makeDomain(get().db, tenantScope(before.tenantId), { status: 'pending' })
      await makeDomain(get().db, tenantScope(owner.tenantId), { name, status: 'suspended' })
      await makeDomain(get().db, tenantScope(after.tenantId), { name, status: 'pending' })
      const { name: unproved } = await makeDomain(get().db, tenantScope(after.tenantId), { status: 'pending' })
      const recipients = [result(null, `late@${name}`, 'deferred'), result(null, `late@${unproved}`, 'deferred')]
      const { rows, of } = await record({ status: 'deferred', recipients })
      expect(of(owner.tenantId)).toMatchObject({ recipients: [`late@${name}`] })
      expect(of(SYSTEM_TENANT)).toMatchObject({ recipients: [`late@${unproved}`] })
      expect(rows).toHaveLength(2)
    })

    it('remember the highest role of each recipient’s owners, within their tenant, and the sender’s', async () => {
      const scope = await makeScope(get().db)
      const { id: domainId, name } = await makeDomain(get().db, scope)
      const user = await makeUser(get().db, scope, { role: 'domain_admin' })
      const boss = await makeUser(get().db, scope, { role: 'super_admin' })
      await makeMailbox(get().db, scope, { domainId, userId: boss.id, address: `boss@${name}` })
      const known = (address: string, ownerRoles: string[]) => ({ ...result(scope.tenantId, address), ownerRoles })
      const other = await newMailbox()
      const { journey } = makeItem(other)
      const recipients = [
        known('a@x', ['user', 'tenant_admin']),
        known('b@x', []),
        // They were not resolved.
        result(scope.tenantId, `boss+tag@${name}`, 'deferred'),
        result(null, `nobody@${name}`, 'deferred'),
        result(null, 'not an address', 'refused'),
        { ...result(other.tenantId, 'c@x'), ownerRoles: ['super_admin'] },
      ]
      const sent = { ...journey, tenantId: scope.tenantId, userId: user.id, recipients }
      await get().db.transaction((tx) => recordJourneys(tx, [sent]))
      const { journeys: j, journeyRecipients: r } = get().db.tables
      const rows = await get().db.select().from(r).where(eq(r.journeyId, journey.id))
      const rolesIn = (tenantId: string) =>
        Object.fromEntries(
          rows.filter((row) => row.tenantId === tenantId).map(({ address, ownerRole }) => [address, ownerRole]),
        )
      expect(rolesIn(scope.tenantId)).toEqual({
        'a@x': 'tenant_admin',
        'b@x': null,
        [`boss+tag@${name}`]: 'super_admin',
        [`nobody@${name}`]: null,
        'not an address': null,
        // Of another tenant: their roles are above nobody here.
        'c@x': null,
      })
      expect(rolesIn(other.tenantId)).toEqual({ 'c@x': 'super_admin' })
      const senders = await get().db.select().from(j).where(eq(j.id, journey.id))
      expect(Object.fromEntries(senders.map(({ tenantId, userRole }) => [tenantId, userRole]))).toEqual({
        [scope.tenantId]: 'domain_admin',
        [other.tenantId]: null,
      })
    })
  })
})
