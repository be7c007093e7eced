import { createId } from '@mairust/db'
import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeQueueWorld, type Person, type QueueWorld } from '../../testing/queue.ts'

withDatabases((get) => {
  let world: QueueWorld
  let far: string
  beforeEach(async () => {
    world = await makeQueueWorld(get())
    far = world.far
  })
  const submit: QueueWorld['submit'] = (...given) => world.submit(...given)
  const send: QueueWorld['send'] = (...given) => world.send(...given)
  const listed: QueueWorld['listed'] = (...given) => world.listed(...given)

  describe('a batch', () => {
    it('by ids says which it could not change', async () => {
      const {
        ids: [mine = '', done = ''],
      } = await submit('user', ['a', 'b'])
      const {
        ids: [theirs = ''],
      } = await submit('other', ['c'])
      await send('user', 'POST', `/queue/${done}/cancel`)
      const ids = [mine, done, theirs, 'dlv_nonsense', mine]
      const failed = (await send('user', 'POST', '/queue/batch', { ids, action: 'cancel' })).data
      expect(failed).toEqual({
        updated: 1,
        failed: [
          { id: theirs, code: 'NOT_FOUND' },
          { id: 'dlv_nonsense', code: 'NOT_FOUND' },
          { id: done, code: 'CONFLICT' },
        ],
        has_more: false,
      })
    })

    it('by a filter changes all that the actor has and that the action would change', async () => {
      await submit('user', ['a', 'b'])
      await submit('other', ['c'])
      await submit('super_admin', ['d'])
      const batch = (as: Person, action: string, filter: object = { domain: far }) =>
        send(as, 'POST', '/queue/batch', { filter, action })
      expect((await batch('user', 'hold')).status).toBe(403)
      expect((await batch('domain_admin', 'hold')).data).toEqual({ updated: 3, failed: [], has_more: false })
      expect(await listed('tenant_admin', '&state=held')).toEqual(['a', 'b', 'c'])
      expect((await batch('domain_admin', 'hold')).data).toMatchObject({ updated: 0 })
      expect((await batch('user', 'cancel', { domain: far, state: 'held' })).data).toMatchObject({ updated: 2 })
      expect((await batch('domain_admin', 'release')).data).toMatchObject({ updated: 1 })
      // It is due: there is nothing to retry.
      expect((await batch('domain_admin', 'retry')).data).toMatchObject({ updated: 0 })
    })

    it('by a filter takes up to 1000, and says that there are more', async () => {
      await submit(
        'user',
        Array.from({ length: 1001 }, (_, at) => `r${at}`),
      )
      const cancel = () => send('user', 'POST', '/queue/batch', { filter: { domain: far }, action: 'cancel' })
      expect((await cancel()).data).toEqual({ updated: 1000, failed: [], has_more: true })
      expect((await cancel()).data).toEqual({ updated: 1, failed: [], has_more: false })
    })

    it('needs either ids or a filter', async () => {
      for (const body of [{ action: 'retry' }, { ids: [createId('dlv')], filter: {}, action: 'retry' }]) {
        const { error } = await send('user', 'POST', '/queue/batch', body)
        expect(error).toMatchObject({ code: 'VALIDATION_ERROR', details: [{ field: 'ids' }] })
      }
    })
  })
})
