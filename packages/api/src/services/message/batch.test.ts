import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { counts, plainMail, usedBytes } from '../../testing/mailbox-state.ts'
import { batchMessages, listMessages } from './index.ts'

withDatabases((get) => {
  let world: MailWorld
  let id: string
  beforeEach(async () => {
    world = await makeMailWorld(get())
    id = await world.deliver(plainMail('One'))
  })

  describe('a batch', () => {
    let ids: string[]
    beforeEach(async () => {
      ids = [id, await world.deliver(plainMail('Two')), await world.deliver(plainMail('Three'))]
    })
    const batch = (action: Parameters<typeof batchMessages>[1]['action'], more: object = {}) =>
      batchMessages(world.ctx, { ids, action, ...more })

    it('does every action, and updates the counts', async () => {
      expect(await batch('mark_seen')).toEqual({ updated: 3, failed: [] })
      expect(await counts(world)).toEqual({ inbox: [3, 0] })
      await batch('mark_unseen')
      await batch('star')
      await batch('add_tag', { tag: 'later' })
      const { data } = await listMessages(world.ctx, { tag: 'later', starred: true, seen: false })
      expect(data).toHaveLength(3)
      await batch('unstar')
      await batch('remove_tag', { tag: 'Later' })
      expect((await listMessages(world.ctx, { tag: 'later' })).data).toEqual([])
      await batch('move', { folder: 'archive' })
      expect(await counts(world)).toEqual({ archive: [3, 3] })
      await batch('trash')
      expect(await counts(world)).toEqual({ trash: [3, 3] })
      expect(await batch('restore')).toEqual({ updated: 3, failed: [] })
      expect(await counts(world)).toEqual({ archive: [3, 3] })
      expect(await batch('purge')).toEqual({ updated: 3, failed: [] })
      expect(await counts(world)).toEqual({})
      expect(await usedBytes(world)).toBe(0)
    })

    it('lists the messages that it could not change, and changes the rest', async () => {
      const foreign = await (await makeMailWorld(get())).deliver(plainMail('Foreign'))
      const result = await batchMessages(world.ctx, { ids: [id, foreign, 'msg_nonsense', id], action: 'star' })
      expect(result).toEqual({
        updated: 1,
        failed: [
          { id: foreign, code: 'NOT_FOUND' },
          { id: 'msg_nonsense', code: 'NOT_FOUND' },
        ],
      })
      expect(await batch('restore')).toEqual({ updated: 0, failed: ids.map((one) => ({ id: one, code: 'CONFLICT' })) })
    })

    it('requires the folder or tag of its action, and accepts at most 1000 ids', async () => {
      await expect(batch('move')).rejects.toMatchObject({ details: [{ field: 'folder' }] })
      await expect(batch('add_tag')).rejects.toMatchObject({ details: [{ field: 'tag' }] })
      const many = Array.from({ length: 1001 }, () => id)
      const refused = batchMessages(world.ctx, { ids: many, action: 'star' })
      await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    })
  })
})
