import { tenantScope } from '@mairust/db/queries/scope'
import { findMessage } from '@mairust/db/queries/message'
import { makeMailbox, makeMessage, withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { counts, plainMail, usedBytes } from '../../testing/mailbox-state.ts'
import { createFolder, removeFolder } from '../folder/index.ts'
import { getThread } from '../thread/index.ts'
import { getMessage, getRawMessage, listMessages, moveMessage, removeMessage, restoreMessage } from './index.ts'

withDatabases((get) => {
  let world: MailWorld
  let id: string
  beforeEach(async () => {
    world = await makeMailWorld(get())
    id = await world.deliver(plainMail('One'))
  })

  describe('deleting', () => {
    it('moves a message to Trash, from where it can be restored', async () => {
      await moveMessage(world.ctx, { id, folder: 'archive' })
      await removeMessage(world.ctx, { id })
      expect(await counts(world)).toEqual({ trash: [1, 1] })
      expect((await listMessages(world.ctx, {})).data).toEqual([])
      expect(await restoreMessage(world.ctx, { id })).toMatchObject({ id, folder: 'archive' })
      expect(await counts(world)).toEqual({ archive: [1, 1] })
    })

    it('with its folder, a message is restored to the inbox', async () => {
      const folder = await createFolder(world.ctx, { id: world.mailbox.id, name: 'Bills' })
      await moveMessage(world.ctx, { id, folder: 'Bills' })
      await removeFolder(world.ctx, { id: world.mailbox.id, folder_id: folder.id })
      expect(await counts(world)).toEqual({ trash: [1, 1] })
      expect(await restoreMessage(world.ctx, { id })).toMatchObject({ folder: 'inbox' })
    })

    it('is undone only for messages in Trash', async () => {
      await expect(restoreMessage(world.ctx, { id })).rejects.toMatchObject({ code: 'CONFLICT' })
    })

    it.each([
      ['a second time', [{}, {}]],
      ['permanently', [{ permanent: true }]],
      ['permanently, as in a query string', [{ permanent: 'true' }]],
    ])('%s removes row, search, counts, quota usage, thread and object', async (_name, steps) => {
      const row = await findMessage(get().db, { ...tenantScope(world.mailbox.tenantId), mailboxIds: 'all' }, id)
      expect(await usedBytes(world)).toBe(row?.size)
      for (const step of steps) await removeMessage(world.ctx, { id, ...step })
      await expect(getMessage(world.ctx, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect((await listMessages(world.ctx, { q: 'in:anywhere one' })).data).toEqual([])
      expect(await counts(world)).toEqual({})
      expect(await usedBytes(world)).toBe(0)
      const thread = getThread(world.ctx, { id: row?.threadId ?? '' })
      await expect(thread).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect(await world.runtime.blobs.has(row?.blobKey ?? '')).toBe(false)
    })

    it('keeps an object that another mailbox still refers to', async () => {
      const other = await makeMailbox(get().db, tenantScope(world.mailbox.tenantId))
      const row = await findMessage(get().db, { ...tenantScope(world.mailbox.tenantId), mailboxIds: 'all' }, id)
      const second = await makeMessage(get(), other, { blobKey: row?.blobKey ?? '' })
      await removeMessage(world.ctx, { id, permanent: true })
      const admin = await world.as('tenant_admin')
      const raw = await getRawMessage(admin, { id: second.id })
      expect(Buffer.concat(await (await raw.open()).toArray()).toString()).toContain('Subject: One')
    })
  })
})
