import { describe, expect, it } from 'vitest'
import { LATER, makeMailbox, makeMessage, makeScope, makeUser, withDatabases } from '../testing/index.ts'
import * as folder from './folder.ts'
import * as mailbox from './mailbox.ts'

withDatabases((get) => {
  describe('mailboxes', () => {
    it('are created with their folders', async () => {
      const scope = await makeScope(get().db)
      const box = await makeMailbox(get().db, scope)
      const roles = (await folder.listFolders(get().db, scope, box.id)).map(({ role }) => role)
      expect(roles).toEqual(['inbox', 'sent', 'drafts', 'archive', 'junk', 'trash', 'quarantine'])
      expect(await folder.findFolder(get().db, scope, box.id, 'Junk')).toMatchObject({ role: 'junk' })
      expect(await folder.findFolder(get().db, scope, box.id, 'nothing')).toBeNull()
    })

    it('are listed, found, changed, and removed when empty', async () => {
      const scope = await makeScope(get().db)
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
      const change = { quotaBytes: 5_000_000_000, userId: null, updatedAt: LATER }
      expect(await mailbox.updateMailboxRow(get().db, scope, box.id, change)).toEqual({ ...box, ...change })
      expect(await mailbox.findMailbox(get().db, scope, box.id)).toEqual({ ...box, ...change })
      expect(await mailbox.deleteMailboxRow(get().db, scope, other.id)).toBe(true)
      await makeMessage(get(), box)
      await expect(mailbox.deleteMailboxRow(get().db, scope, box.id)).rejects.toThrow()
    })
  })
})
