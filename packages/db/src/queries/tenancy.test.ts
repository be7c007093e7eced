import { expect, it } from 'vitest'
import { isForeignKeyViolation } from '../dialect/index.ts'
import { createId } from '../id.ts'
import { LATER, makeAlias, makeDomain, makeMailbox, makeScope, makeUser, withDatabases } from '../testing/index.ts'
import * as alias from './alias.ts'
import * as dkim from './dkim-key.ts'
import * as domain from './domain.ts'
import * as folder from './folder.ts'
import * as mailbox from './mailbox.ts'
import * as setting from './setting.ts'
import * as user from './user.ts'

withDatabases((get) => {
  it('shows, changes and removes nothing of another tenant', async () => {
    const { db } = get()
    const scope = await makeScope(db)
    const foreign = await makeScope(db)
    const { id: domainId, name } = await makeDomain(db, scope)
    const { id: userId } = await makeUser(db, scope)
    const box = await makeMailbox(db, scope, { domainId, userId })
    const als = await makeAlias(db, scope, { domainId, address: `info@${name}` })
    const key = await dkim.insertDkimKey(db, scope, {
      id: createId('dkim'),
      domainId,
      selector: 's',
      algorithm: 'rsa-sha256',
      privateKey: 'sealed',
      record: 'v=DKIM1; p=',
      state: 'active',
      createdAt: LATER,
    })
    await setting.putSetting(db, scope, { key: 'k', value: 1, updatedAt: LATER })
    const page = { limit: 10 }
    const nothing: [string, Promise<unknown>][] = [
      ['findDomain', domain.findDomain(db, foreign, domainId)],
      ['updateDomainRow', domain.updateDomainRow(db, foreign, domainId, { status: 'suspended' })],
      ['deleteDomainRow', domain.deleteDomainRow(db, foreign, domainId)],
      ['listDomainRows', domain.listDomainRows(db, foreign, page)],
      ['listDkimKeyRows', dkim.listDkimKeyRows(db, foreign, domainId)],
      ['findSigningKeys', dkim.findSigningKeys(db, foreign, name)],
      ['updateDkimKey', dkim.updateDkimKey(db, foreign, key.id, { state: 'retired' })],
      ['deleteDkimKey', dkim.deleteDkimKey(db, foreign, key.id)],
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
      ['unassignMailboxes', mailbox.unassignMailboxes(db, foreign, userId, LATER)],
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
    await expect(makeAlias(db, foreign, { domainId, address: `y@${name}` })).rejects.toSatisfy(isForeignKeyViolation)
  })
})
