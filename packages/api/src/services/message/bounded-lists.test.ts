import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { LIMITS } from '../../contract/limits.ts'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { plainMail } from '../../testing/mailbox-state.ts'
import { batchMessages, getMessage, listMessages, updateMessage } from './index.ts'

const names = (from: number, count: number) => Array.from({ length: count }, (_, at) => `tag ${from + at}`)

// A page of a hundred rows is read, checked and sent at once: nothing in a row may grow as its sender or reader likes.
withDatabases((get) => {
  let world: MailWorld
  beforeEach(async () => {
    world = await makeMailWorld(get())
  })
  const tagsOf = async (id: string) => (await getMessage(world.ctx, { id })).tags

  describe('a row of a list stays small', () => {
    it.each([
      ['long names', `"${'n'.repeat(200)}" <ann@example.org>`],
      ['short addresses', 'a@b.example'],
    ])('whoever is named as a recipient: %s', async (_what, recipient) => {
      const to = Array.from({ length: 1000 }, () => recipient).join(',\n ')
      const id = await world.deliver(`From: x@example.net\nTo: ${to}\nSubject: many\n\nx\n`)
      const [row] = (await listMessages(world.ctx, {})).data
      expect(row?.to.length).toBeGreaterThan(30)
      expect(JSON.stringify(row).length).toBeLessThan(40_000)
      expect((await getMessage(world.ctx, { id })).to).toHaveLength(1000)
    })

    it('names one recipient at least, however long', async () => {
      await world.deliver(`From: x@example.net\nTo: "${'n'.repeat(9000)}" <ann@example.org>\n\nx\n`)
      expect((await listMessages(world.ctx, {})).data[0]?.to).toHaveLength(1)
    })

    it('however its owner tags it', async () => {
      const id = await world.deliver(plainMail('One'))
      const most = LIMITS.tagsPerMessage
      for (let at = 0; at < most; at += 50) await updateMessage(world.ctx, { id, add_tags: names(at, 50) })
      const refused = { code: 'CONFLICT', message: `A message can have at most ${most} tags.` }
      await expect(updateMessage(world.ctx, { id, add_tags: ['more'] })).rejects.toMatchObject(refused)
      expect(await tagsOf(id)).toHaveLength(most)
      // What it has already, or gets in place of others, fits.
      await updateMessage(world.ctx, { id, add_tags: ['tag 0'] })
      await updateMessage(world.ctx, { id, add_tags: ['more'], remove_tags: ['tag 0'] })
      expect(await tagsOf(id)).toHaveLength(most)
      await updateMessage(world.ctx, { id, tags: names(0, 50), add_tags: names(most, 50) })
      expect(await tagsOf(id)).toHaveLength(most)
      await updateMessage(world.ctx, { id, remove_tags: ['tag 1'] })
      expect(await tagsOf(id)).toHaveLength(most - 1)
    })

    it('however many are tagged at once: the full ones are named', async () => {
      const full = await world.deliver(plainMail('Full'))
      const other = await world.deliver(plainMail('Other'))
      for (let at = 0; at < LIMITS.tagsPerMessage; at += 50) {
        await updateMessage(world.ctx, { id: full, add_tags: names(at, 50) })
      }
      const result = await batchMessages(world.ctx, { ids: [full, other], action: 'add_tag', tag: 'more' })
      expect(result).toEqual({ updated: 1, failed: [{ id: full, code: 'CONFLICT' }] })
      expect(await tagsOf(other)).toEqual(['more'])
    })
  })
})
