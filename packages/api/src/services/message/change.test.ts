import { tenantScope } from '@mairust/db/queries/scope'
import { mailboxTopic } from '@mairust/db'
import { listAuditEntries } from '@mairust/db/queries/audit'
import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { audited, counts, plainMail } from '../../testing/mailbox-state.ts'
import { createFolder, listFolders } from '../folder/index.ts'
import {
  batchMessages,
  getMessage,
  getRawMessage,
  moveMessage,
  removeMessage,
  restoreMessage,
  updateMessage,
} from './index.ts'

withDatabases((get) => {
  let world: MailWorld
  let id: string
  beforeEach(async () => {
    world = await makeMailWorld(get())
    id = await world.deliver(plainMail('One'))
  })

  describe('flags', () => {
    it('are set, and counted once however often they are set', async () => {
      expect(await counts(world)).toEqual({ inbox: [1, 1] })
      const changed = await updateMessage(world.ctx, { id, seen: true, starred: true })
      expect(changed).toMatchObject({ id, seen: true, starred: true, answered: false })
      await updateMessage(world.ctx, { id, seen: true })
      expect(await counts(world)).toEqual({ inbox: [1, 0] })
      await updateMessage(world.ctx, { id, seen: false, answered: true })
      expect(await counts(world)).toEqual({ inbox: [1, 1] })
    })

    it('are counted correctly under concurrent changes', async () => {
      const others = await Promise.all([1, 2, 3, 4].map((n) => world.deliver(plainMail(`More ${n}`))))
      const ids = [id, ...others]
      await Promise.all(
        [true, true, true].flatMap((seen) => [
          batchMessages(world.ctx, { ids, action: seen ? 'mark_seen' : 'mark_unseen' }),
          ...ids.map((one) => updateMessage(world.ctx, { id: one, seen })),
        ]),
      )
      expect(await counts(world)).toEqual({ inbox: [5, 0] })
    })

    it('leave no audit entry except that somebody else’s mail was read', async () => {
      await updateMessage(await world.as('tenant_admin'), { id, seen: true })
      expect(await audited(world)).toEqual(['mailbox.read'])
    })
  })

  describe('tags', () => {
    const tags = async (input: Omit<Parameters<typeof updateMessage>[1], 'id'>): Promise<string[]> => {
      const changed = await updateMessage(world.ctx, { id, ...input })
      return 'tags' in changed ? changed.tags : []
    }

    it('are added, created if missing, replaced and removed', async () => {
      expect(await tags({ add_tags: ['Work', 'urgent'] })).toEqual(['urgent', 'Work'])
      expect(await tags({ add_tags: ['WORK'] })).toEqual(['urgent', 'Work'])
      expect(await tags({ remove_tags: ['work', 'unknown'] })).toEqual(['urgent'])
      expect(await tags({ tags: ['個人', 'Home'] })).toEqual(['Home', '個人'])
      expect(await tags({ tags: [] })).toEqual([])
    })
  })

  describe('moving', () => {
    it('to a folder by role, name or id updates the counts', async () => {
      const folder = await createFolder(world.ctx, { id: world.mailbox.id, name: 'Bills' })
      expect(await moveMessage(world.ctx, { id, folder: 'archive' })).toMatchObject({
        folder: 'archive',
      })
      expect(await counts(world)).toEqual({ archive: [1, 1] })
      expect(await moveMessage(world.ctx, { id, folder: 'bills' })).toMatchObject({ folder: 'Bills' })
      expect(await moveMessage(world.ctx, { id, folder: folder.id })).toMatchObject({ folder: 'Bills' })
      expect(await counts(world)).toEqual({ Bills: [1, 1] })
    })

    it('to a folder that the mailbox does not have is refused', async () => {
      const elsewhere = await makeMailWorld(get())
      const { data } = await listFolders(elsewhere.ctx, { id: elsewhere.mailbox.id })
      for (const folder of ['nowhere', data[0]?.id ?? '']) {
        await expect(moveMessage(world.ctx, { id, folder })).rejects.toMatchObject({
          code: 'NOT_FOUND',
        })
      }
    })
  })

  describe('the audit log', () => {
    it("has what an administrator did to somebody else's mail, and nothing that owners did", async () => {
      await moveMessage(world.ctx, { id, folder: 'archive' })
      expect(await audited(world)).toEqual([])
      const admin = await world.as('tenant_admin')
      await moveMessage(admin, { id, folder: 'inbox' })
      await batchMessages(admin, { ids: [id], action: 'purge' })
      expect(new Set(await audited(world))).toEqual(new Set(['mailbox.read', 'message.move', 'message.purge']))
    })

    it('records a removal from Trash as a purge', async () => {
      const admin = await world.as('tenant_admin')
      await removeMessage(admin, { id })
      expect(await audited(world)).toEqual(['message.trash'])
      await removeMessage(admin, { id })
      expect((await audited(world)).toSorted()).toEqual(['message.purge', 'message.trash'])
    })

    it('has no entry for changes that changed nothing, and lists only messages that changed', async () => {
      const admin = await world.as('tenant_admin')
      const trashed = await world.deliver(plainMail('Two'))
      await removeMessage(world.ctx, { id: trashed })
      await batchMessages(admin, { ids: [id], action: 'restore' })
      await moveMessage(admin, { id, folder: 'inbox' })
      await batchMessages(admin, { ids: [trashed], action: 'trash' })
      expect(await audited(world)).toEqual(['mailbox.read'])
      await batchMessages(admin, { ids: [id, trashed], action: 'restore' })
      const entries = await listAuditEntries(
        get().db,
        tenantScope(world.mailbox.tenantId),
        { action: 'message.restore' },
        { limit: 9 },
      )
      expect(entries).toMatchObject([{ action: 'message.restore', before: { messages: [{ id: trashed }] } }])
    })
  })

  describe('somebody else', () => {
    it('cannot open, change, move, delete or restore the message', async () => {
      const strangers = [await world.as('user'), await (await makeMailWorld(get())).as('super_admin')]
      for (const ctx of strangers) {
        const attempts = [
          () => getMessage(ctx, { id }),
          () => getRawMessage(ctx, { id }),
          () => updateMessage(ctx, { id, seen: true }),
          () => moveMessage(ctx, { id, folder: 'archive' }),
          () => removeMessage(ctx, { id, permanent: true }),
          () => restoreMessage(ctx, { id }),
        ]
        for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND' })
      }
      expect(await counts(world)).toEqual({ inbox: [1, 1] })
    })
  })

  it('notifies those who watch the mailbox', async () => {
    const topics: string[] = []
    const end = get().changes.subscribe(mailboxTopic(world.mailbox.tenantId, world.mailbox.id), (topic) =>
      topics.push(topic),
    )
    await updateMessage(world.ctx, { id, starred: true })
    await expect.poll(() => topics).toContain(mailboxTopic(world.mailbox.tenantId, world.mailbox.id))
    end()
  })
})
