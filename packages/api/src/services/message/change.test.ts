import { createId } from '@mairust/db'
import { listAuditEntries } from '@mairust/db/queries/audit'
import { findMailbox } from '@mairust/db/queries/mailbox'
import { findMessage } from '@mairust/db/queries/message'
import { makeMailbox, makeMessage, withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { createFolder, listFolders, removeFolder } from '../folder/index.ts'
import { getThread } from '../thread/index.ts'
import {
  batchMessages,
  getMessage,
  getRawMessage,
  listMessages,
  moveMessage,
  removeMessage,
  restoreMessage,
  updateMessage,
} from './index.ts'

const source = (subject: string) =>
  `From: a@example.net\nSubject: ${subject}\nMessage-ID: <${createId('msg')}@x>\n\nBody\n`

withDatabases((get) => {
  let world: MailWorld
  let id: string
  beforeEach(async () => {
    world = await makeMailWorld(get())
    id = await world.deliver(source('One'))
  })

  /** Folders that hold something: role or name, then total and unseen. */
  const counts = async (): Promise<Record<string, [number, number]>> => {
    const { data } = await listFolders({ ctx: world.ctx, input: { id: world.mailbox.id } })
    const filled = data.filter(({ total, unseen }) => total !== 0 || unseen !== 0)
    return Object.fromEntries(filled.map(({ role, name, total, unseen }) => [role ?? name, [total, unseen]]))
  }
  const usedBytes = async (): Promise<number | undefined> =>
    (await findMailbox(get().db, world.mailbox, world.mailbox.id))?.usedBytes
  const audited = async (): Promise<string[]> => {
    const entries = await listAuditEntries(get().db, world.mailbox, {}, { limit: 100 })
    return entries.map(({ action }) => action)
  }

  describe('flags', () => {
    it('are set, and counted once however often', async () => {
      expect(await counts()).toEqual({ inbox: [1, 1] })
      const changed = await updateMessage({ ctx: world.ctx, input: { id, seen: true, starred: true } })
      expect(changed).toMatchObject({ id, seen: true, starred: true, answered: false })
      await updateMessage({ ctx: world.ctx, input: { id, seen: true } })
      expect(await counts()).toEqual({ inbox: [1, 0] })
      await updateMessage({ ctx: world.ctx, input: { id, seen: false, answered: true } })
      expect(await counts()).toEqual({ inbox: [1, 1] })
    })

    it('are counted right when many are set at the same time', async () => {
      const others = await Promise.all([1, 2, 3, 4].map((n) => world.deliver(source(`More ${n}`))))
      const ids = [id, ...others]
      await Promise.all(
        [true, true, true].flatMap((seen) => [
          batchMessages({ ctx: world.ctx, input: { ids, action: seen ? 'mark_seen' : 'mark_unseen' } }),
          ...ids.map((one) => updateMessage({ ctx: world.ctx, input: { id: one, seen } })),
        ]),
      )
      expect(await counts()).toEqual({ inbox: [5, 0] })
    })

    it('are not for the audit log', async () => {
      await updateMessage({ ctx: await world.as('tenant_admin'), input: { id, seen: true } })
      expect(await audited()).toEqual([])
    })
  })

  describe('tags', () => {
    const tags = async (input: Omit<Parameters<typeof updateMessage>[0]['input'], 'id'>): Promise<string[]> =>
      (await updateMessage({ ctx: world.ctx, input: { id, ...input } })).tags

    it('are added, made when missing, replaced and removed', async () => {
      expect(await tags({ add_tags: ['Work', 'urgent'] })).toEqual(['urgent', 'Work'])
      expect(await tags({ add_tags: ['WORK'] })).toEqual(['urgent', 'Work'])
      expect(await tags({ remove_tags: ['work', 'unknown'] })).toEqual(['urgent'])
      expect(await tags({ tags: ['個人', 'Home'] })).toEqual(['Home', '個人'])
      expect(await tags({ tags: [] })).toEqual([])
    })
  })

  describe('moving', () => {
    it('takes a message to a folder by role, name or id, with the counts', async () => {
      const folder = await createFolder({ ctx: world.ctx, input: { id: world.mailbox.id, name: 'Bills' } })
      expect(await moveMessage({ ctx: world.ctx, input: { id, folder: 'archive' } })).toMatchObject({
        folder: 'archive',
      })
      expect(await counts()).toEqual({ archive: [1, 1] })
      expect(await moveMessage({ ctx: world.ctx, input: { id, folder: 'bills' } })).toMatchObject({ folder: 'Bills' })
      expect(await moveMessage({ ctx: world.ctx, input: { id, folder: folder.id } })).toMatchObject({ folder: 'Bills' })
      expect(await counts()).toEqual({ Bills: [1, 1] })
    })

    it('refuses a folder that the mailbox does not have', async () => {
      const elsewhere = await makeMailWorld(get())
      const { data } = await listFolders({ ctx: elsewhere.ctx, input: { id: elsewhere.mailbox.id } })
      for (const folder of ['nowhere', data[0]?.id ?? '']) {
        await expect(moveMessage({ ctx: world.ctx, input: { id, folder } })).rejects.toMatchObject({
          code: 'NOT_FOUND',
        })
      }
    })
  })

  describe('deleting', () => {
    it('goes to Trash, remembers where it was, and comes back', async () => {
      await moveMessage({ ctx: world.ctx, input: { id, folder: 'archive' } })
      await removeMessage({ ctx: world.ctx, input: { id } })
      expect(await counts()).toEqual({ trash: [1, 1] })
      expect((await listMessages({ ctx: world.ctx, input: {} })).data).toEqual([])
      expect(await restoreMessage({ ctx: world.ctx, input: { id } })).toMatchObject({ id, folder: 'archive' })
      expect(await counts()).toEqual({ archive: [1, 1] })
    })

    it('brings a message whose folder is gone back to the inbox', async () => {
      const folder = await createFolder({ ctx: world.ctx, input: { id: world.mailbox.id, name: 'Bills' } })
      await moveMessage({ ctx: world.ctx, input: { id, folder: 'Bills' } })
      await removeFolder({ ctx: world.ctx, input: { id: world.mailbox.id, folder_id: folder.id } })
      expect(await counts()).toEqual({ trash: [1, 1] })
      expect(await restoreMessage({ ctx: world.ctx, input: { id } })).toMatchObject({ folder: 'inbox' })
    })

    it('refuses to restore what is not in Trash', async () => {
      await expect(restoreMessage({ ctx: world.ctx, input: { id } })).rejects.toMatchObject({ code: 'CONFLICT' })
    })

    it.each([
      ['a second time', [{}, {}]],
      ['permanently', [{ permanent: true }]],
      ['permanently, as a query says it', [{ permanent: 'true' }]],
    ])('removes for good %s: row, search, counts, quota, thread and object', async (_name, steps) => {
      const row = await findMessage(get().db, { ...world.mailbox, mailboxIds: 'all' }, id)
      expect(await usedBytes()).toBe(row?.size)
      for (const step of steps) await removeMessage({ ctx: world.ctx, input: { id, ...step } })
      await expect(getMessage({ ctx: world.ctx, input: { id } })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect((await listMessages({ ctx: world.ctx, input: { q: 'in:anywhere one' } })).data).toEqual([])
      expect(await counts()).toEqual({})
      expect(await usedBytes()).toBe(0)
      const thread = getThread({ ctx: world.ctx, input: { id: row?.threadId ?? '' } })
      await expect(thread).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect(await world.runtime.blobs.has(row?.blobKey ?? '')).toBe(false)
    })

    it('keeps an object that another mailbox still refers to', async () => {
      const other = await makeMailbox(get().db, world.mailbox)
      const row = await findMessage(get().db, { ...world.mailbox, mailboxIds: 'all' }, id)
      const second = await makeMessage(get(), other, { blobKey: row?.blobKey ?? '' })
      await removeMessage({ ctx: world.ctx, input: { id, permanent: true } })
      const admin = await world.as('tenant_admin')
      const raw = await getRawMessage({ ctx: admin, input: { id: second.id } })
      expect(Buffer.concat(await raw.content.toArray()).toString()).toContain('Subject: One')
    })
  })

  describe('a batch', () => {
    let ids: string[]
    beforeEach(async () => {
      ids = [id, await world.deliver(source('Two')), await world.deliver(source('Three'))]
    })
    const batch = (action: Parameters<typeof batchMessages>[0]['input']['action'], more: object = {}) =>
      batchMessages({ ctx: world.ctx, input: { ids, action, ...more } })

    it('does every action, with the counts', async () => {
      expect(await batch('mark_seen')).toEqual({ updated: 3, failed: [] })
      expect(await counts()).toEqual({ inbox: [3, 0] })
      await batch('mark_unseen')
      await batch('star')
      await batch('add_tag', { tag: 'later' })
      const { data } = await listMessages({ ctx: world.ctx, input: { tag: 'later', starred: true, seen: false } })
      expect(data).toHaveLength(3)
      await batch('unstar')
      await batch('remove_tag', { tag: 'Later' })
      expect((await listMessages({ ctx: world.ctx, input: { tag: 'later' } })).data).toEqual([])
      await batch('move', { folder: 'archive' })
      expect(await counts()).toEqual({ archive: [3, 3] })
      await batch('trash')
      expect(await counts()).toEqual({ trash: [3, 3] })
      expect(await batch('restore')).toEqual({ updated: 3, failed: [] })
      expect(await counts()).toEqual({ archive: [3, 3] })
      expect(await batch('purge')).toEqual({ updated: 3, failed: [] })
      expect(await counts()).toEqual({})
      expect(await usedBytes()).toBe(0)
    })

    it('names what it could not change, and changes the rest', async () => {
      const foreign = await (await makeMailWorld(get())).deliver(source('Foreign'))
      const result = await batchMessages({
        ctx: world.ctx,
        input: { ids: [id, foreign, 'msg_nonsense', id], action: 'star' },
      })
      expect(result).toEqual({
        updated: 1,
        failed: [
          { id: foreign, code: 'NOT_FOUND' },
          { id: 'msg_nonsense', code: 'NOT_FOUND' },
        ],
      })
      expect(await batch('restore')).toEqual({ updated: 0, failed: ids.map((one) => ({ id: one, code: 'CONFLICT' })) })
    })

    it('needs the folder or tag of its action, and takes at most 1000 ids', async () => {
      await expect(batch('move')).rejects.toMatchObject({ details: [{ field: 'folder' }] })
      await expect(batch('add_tag')).rejects.toMatchObject({ details: [{ field: 'tag' }] })
      const many = Array.from({ length: 1001 }, () => id)
      const refused = batchMessages({ ctx: world.ctx, input: { ids: many, action: 'star' } })
      await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    })
  })

  describe('the audit log', () => {
    it("has what an administrator did to somebody else's mail, and nothing of one's own", async () => {
      await moveMessage({ ctx: world.ctx, input: { id, folder: 'archive' } })
      expect(await audited()).toEqual([])
      const admin = await world.as('tenant_admin')
      await moveMessage({ ctx: admin, input: { id, folder: 'inbox' } })
      await batchMessages({ ctx: admin, input: { ids: [id], action: 'purge' } })
      expect(new Set(await audited())).toEqual(new Set(['message.move', 'message.purge']))
    })

    it('calls a removal from Trash what it is: for good', async () => {
      const admin = await world.as('tenant_admin')
      await removeMessage({ ctx: admin, input: { id } })
      expect(await audited()).toEqual(['message.trash'])
      await removeMessage({ ctx: admin, input: { id } })
      expect((await audited()).toSorted()).toEqual(['message.purge', 'message.trash'])
    })

    it('has nothing of what did not happen, and names only what did', async () => {
      const admin = await world.as('tenant_admin')
      const trashed = await world.deliver(source('Two'))
      await removeMessage({ ctx: world.ctx, input: { id: trashed } })
      await batchMessages({ ctx: admin, input: { ids: [id], action: 'restore' } })
      await moveMessage({ ctx: admin, input: { id, folder: 'inbox' } })
      await batchMessages({ ctx: admin, input: { ids: [trashed], action: 'trash' } })
      expect(await audited()).toEqual([])
      await batchMessages({ ctx: admin, input: { ids: [id, trashed], action: 'restore' } })
      const entries = await listAuditEntries(get().db, world.mailbox, {}, { limit: 9 })
      expect(entries).toMatchObject([{ action: 'message.restore', before: { messages: [{ id: trashed }] } }])
    })
  })

  describe('somebody else', () => {
    it('cannot open, change, move, delete or restore the message', async () => {
      const strangers = [await world.as('user'), await (await makeMailWorld(get())).as('super_admin')]
      for (const ctx of strangers) {
        const attempts = [
          () => getMessage({ ctx, input: { id } }),
          () => getRawMessage({ ctx, input: { id } }),
          () => updateMessage({ ctx, input: { id, seen: true } }),
          () => moveMessage({ ctx, input: { id, folder: 'archive' } }),
          () => removeMessage({ ctx, input: { id, permanent: true } }),
          () => restoreMessage({ ctx, input: { id } }),
        ]
        for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND' })
      }
      expect(await counts()).toEqual({ inbox: [1, 1] })
    })
  })

  it('tells whoever watches the mailbox', async () => {
    const told: string[] = []
    const end = get().changes.subscribe(`mailbox:${world.mailbox.id}`, (topic) => told.push(topic))
    await updateMessage({ ctx: world.ctx, input: { id, starred: true } })
    await expect.poll(() => told).toContain(`mailbox:${world.mailbox.id}`)
    end()
  })
})
