import { describe, expect, it } from 'vitest'
import { createId } from '../id.ts'
import { LATER, makeDomain, makeScope, withDatabases } from '../testing/index.ts'
import type { ApiKeyChange } from './api-key.ts'
import type { DomainChange } from './domain.ts'
import { insertMailbox, type MailboxChange } from './mailbox.ts'
import { findUser, insertUser, updateUserRow } from './user.ts'

withDatabases((get) => {
  describe('a new row', () => {
    it('has the defaults of its columns and was last changed when it was created', async () => {
      const { db } = get()
      const scope = await makeScope(db)
      const { id: domainId, name } = await makeDomain(db, scope)
      const base = { id: createId('mbx'), domainId, address: `bare@${name}`, status: 'active' as const }
      const made = await db.transaction((tx) => insertMailbox(tx, scope, { ...base, createdAt: LATER }))
      expect(made).toEqual({
        ...base,
        tenantId: scope.tenantId,
        userId: null,
        addressSince: null,
        displayName: '',
        quotaBytes: null,
        usedBytes: 0,
        createdAt: LATER,
        updatedAt: LATER,
      })
    })
  })

  describe('a change', () => {
    it('writes the given columns alone', async () => {
      const { db } = get()
      const scope = await makeScope(db)
      const id = createId('usr')
      const email = `${id}@example.com`
      const made = await insertUser(db, scope, { id, email, role: 'user', createdAt: LATER })
      await updateUserRow(db, scope, id, { name: 'Hana', suspended: undefined })
      expect(await findUser(db, scope, id)).toEqual({ ...made, name: 'Hana' })
    })

    it('takes no column that a general change must not write', () => {
      // @ts-expect-error what a mailbox holds changes only with its mail
      const use: MailboxChange = { usedBytes: 5 }
      // @ts-expect-error which row it is stays
      const identity: MailboxChange = { id: createId('mbx') }
      // @ts-expect-error addresses depend on the name
      const name: DomainChange = { name: 'example.com' }
      // @ts-expect-error a key acts for whom it was made for
      const owner: ApiKeyChange = { userId: createId('usr') }
      expect([use, identity, name, owner]).toHaveLength(4)
    })
  })
})
