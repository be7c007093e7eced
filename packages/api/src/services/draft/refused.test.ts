import { BlobStoreFullError } from '@mairust/db/blob'
import { withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DraftWorld, makeDraftWorld, textFile } from '../../testing/drafts.ts'
import { makeMailWorld } from '../../testing/mail.ts'
import { audited, counts, usedBytes } from '../../testing/mailbox-state.ts'
import { createDraft, getDraft, listDrafts, removeDraft, updateDraft } from './index.ts'

withDatabases((get) => {
  let d: DraftWorld
  beforeEach(async () => {
    d = await makeDraftWorld(get())
  })
  afterEach(() => d.world.runtime.drafts.close())

  describe('somebody else', () => {
    it('who may not see the mailbox finds no draft, in any tenant', async () => {
      const { id } = await d.create({ subject: 's' })
      const foreign = await makeMailWorld(get())
      for (const other of [await d.world.as('user'), foreign.ctx, await foreign.as('super_admin')]) {
        await expect(getDraft(other, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
        await expect(updateDraft(other, { id, subject: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
        await expect(removeDraft(other, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
        expect((await listDrafts(other, {})).data).toEqual([])
      }
      await foreign.runtime.drafts.close()
    })

    it('who administers leaves an entry for each change and for reading; an owner none', async () => {
      const own = await d.create()
      await updateDraft(d.ctx, { id: own.id, subject: 'x' })
      await removeDraft(d.ctx, { id: own.id })
      expect(await audited(d.world)).toEqual([])
      const admin = await d.world.as('super_admin')
      const { id } = await d.create({ mailbox: d.world.mailbox.id }, admin)
      await updateDraft(admin, { id, subject: 'x' })
      await removeDraft(admin, { id })
      expect((await audited(d.world)).sort()).toEqual(['draft.create', 'draft.remove', 'draft.update', 'mailbox.read'])
    })
  })

  describe('is refused and leaves nothing:', () => {
    it('what a full mailbox has no room for; what makes a draft smaller is taken', async () => {
      const made = await d.create({ text: 'x'.repeat(5000), subject: 's' })
      await d.setQuota(made.size)
      await expect(d.create()).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('full') as string,
      })
      await expect(updateDraft(d.ctx, { id: made.id, text: 'y'.repeat(9000) })).rejects.toMatchObject({
        code: 'CONFLICT',
      })
      expect([await d.objects(), await usedBytes(d.world), await counts(d.world)]).toEqual([
        1,
        made.size,
        { drafts: [1, 0] },
      ])
      expect(await updateDraft(d.ctx, { id: made.id, text: 'short' })).toMatchObject({ text: 'short', subject: 's' })
      await d.setQuota(10)
      await expect(d.create()).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await d.objects()).toBe(1)
    })

    it('what is larger than a message may be', async () => {
      const small = { ...d.ctx, maxMessageBytes: () => 10_000 }
      const made = await d.create({ subject: 's' })
      const large = { attachments: [textFile('a.txt', 'x'.repeat(9000))] }
      await expect(createDraft(small, large)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
      await expect(updateDraft(small, { id: made.id, ...large })).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
      expect(await d.objects()).toBe(1)
    })

    it('what the witness of the request does not want', async () => {
      const made = await d.create({ subject: 's' })
      const witness = () => {
        throw new Error('no')
      }
      const strict = { ...d.ctx, witness }
      await expect(createDraft(strict, {})).rejects.toThrow('no')
      await expect(updateDraft(strict, { id: made.id, subject: 'x' })).rejects.toThrow('no')
      expect([await d.objects(), (await getDraft(d.ctx, { id: made.id })).subject]).toEqual([1, 's'])
    })

    it('what a full disk has no room for', async () => {
      const full = () => Promise.reject(new BlobStoreFullError('full'))
      d.world.runtime.blobs.put = full
      await expect(d.create()).rejects.toThrow('full')
      expect(await counts(d.world)).toEqual({})
    })
  })
})
