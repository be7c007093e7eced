import { mailboxTopic } from '@mairust/db'
import { withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRenderer } from '../../render/renderer.ts'
import { type DraftWorld, makeDraftWorld, textFile } from '../../testing/drafts.ts'
import { counts, usedBytes } from '../../testing/mailbox-state.ts'
import { removeMessage } from '../message/index.ts'
import { getThread } from '../thread/index.ts'
import { getDraft, listDrafts, removeDraft, updateDraft } from './index.ts'

withDatabases((get) => {
  let d: DraftWorld
  beforeEach(async () => {
    d = await makeDraftWorld(get())
  })
  afterEach(() => d.world.runtime.drafts.close())

  describe('a change', () => {
    it('changes what is given and keeps the rest, id, files and conversation included', async () => {
      const made = await d.create({
        to: ['a@example.com'],
        bcc: ['b@example.com'],
        subject: 'first words',
        text: 'alpha',
        headers: [{ name: 'X-Kept', value: '1' }],
        attachments: [textFile('a.txt', 'A'), textFile('b.txt', 'B')],
      })
      const told: string[] = []
      const stop = d.ctx.changes.subscribe(mailboxTopic(d.world.mailbox.tenantId, d.world.mailbox.id), (topic) =>
        told.push(topic),
      )
      const before = await d.rowOf(made.id)
      const changed = await updateDraft(d.ctx, { id: made.id, subject: 'second', text: 'beta' })
      expect(changed).toMatchObject({
        ...made,
        subject: 'second',
        text: 'beta',
        preview: 'beta',
        size: expect.any(Number) as number,
        received_at: expect.any(String) as string,
        date: expect.any(String) as string,
      })
      expect(await getDraft(d.ctx, { id: made.id })).toEqual(changed)
      const after = await d.rowOf(made.id)
      expect([after?.journeyId, after?.threadId, after?.seq]).toEqual([
        before?.journeyId,
        before?.threadId,
        before?.seq,
      ])
      expect(after?.receivedAt.getTime()).toBeGreaterThan(before?.receivedAt.getTime() ?? Infinity)
      expect([await d.found('first'), await d.found('alpha'), await d.found('beta')]).toEqual([[], [], [made.id]])
      expect([await d.contentOf(made.id, 0), await d.contentOf(made.id, 1)]).toEqual(['A', 'B'])
      expect(await counts(d.world)).toEqual({ drafts: [1, 0] })
      expect(await usedBytes(d.world)).toBe(after?.size)
      expect(await d.objects()).toBe(1)
      expect(await getThread(d.ctx, { id: made.thread_id })).toMatchObject({ subject: 'second', message_count: 1 })
      await expect.poll(() => told).not.toEqual([])
      stop()
    })

    it('of the files keeps those that are named by index, beside new ones', async () => {
      const made = await d.create({ attachments: [textFile('a.txt', 'A'), textFile('b.txt', 'B')] })
      const changed = await updateDraft(d.ctx, { id: made.id, attachments: [textFile('c.txt', 'C'), { index: 1 }] })
      expect(changed).toMatchObject({ attachments: [{ filename: 'c.txt' }, { filename: 'b.txt' }] })
      await expect(
        updateDraft(d.ctx, { id: made.id, attachments: [{ index: 0 }, { index: 7 }] }),
      ).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
        details: [{ field: 'attachments.1.index' }],
      })
      expect(await updateDraft(d.ctx, { id: made.id, attachments: [] })).toMatchObject({
        attachments: [],
        has_attachments: false,
      })
      expect(await d.objects()).toBe(1)
    })

    it('in which a few numbers ask for many copies of a file is refused, whichever is the second', async () => {
      const made = await d.create({ attachments: [textFile('a.txt', 'A'), textFile('b.txt', 'B')] })
      await expect(
        updateDraft(d.ctx, {
          id: made.id,
          attachments: [{ index: 0 }, textFile('c.txt', 'C'), { index: 1 }, { index: 0 }],
        }),
      ).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
        details: [{ field: 'attachments.3.index', reason: 'is given twice' }],
      })
      expect(await getDraft(d.ctx, { id: made.id })).toMatchObject({ attachments: made.attachments })
    })

    it('loses nothing when several are made at once', async () => {
      const made = await d.create({ text: 'x', attachments: [textFile('a.txt', 'A')] })
      await Promise.all([
        updateDraft(d.ctx, { id: made.id, subject: 'S' }),
        updateDraft(d.ctx, { id: made.id, to: ['t@example.com'] }),
        updateDraft(d.ctx, { id: made.id, text: 'T' }),
        updateDraft(await d.world.as('super_admin'), { id: made.id, cc: ['c@example.com'] }),
      ])
      expect(await getDraft(d.ctx, { id: made.id })).toMatchObject({
        subject: 'S',
        to: [{ address: 't@example.com' }],
        cc: [{ address: 'c@example.com' }],
        text: 'T',
        attachments: [{ filename: 'a.txt' }],
      })
      expect([await d.objects(), await counts(d.world)]).toEqual([1, { drafts: [1, 0] }])
      expect(await usedBytes(d.world)).toBe((await d.rowOf(made.id))?.size)
    })

    it('begins again where the draft was saved while it was read, and so does who opens it', async () => {
      const made = await d.create({ subject: 's', text: 'x' })
      const { blobs } = d.world.runtime
      const read = blobs.read.bind(blobs)
      const other = await d.world.as('super_admin')
      /** Saves the draft between a look at its row and the reading of its object. */
      const overtake = (change: { cc: string[] } | { bcc: string[] }) => {
        blobs.read = async (key) => {
          blobs.read = read
          await updateDraft(other, { id: made.id, ...change })
          return read(key)
        }
      }
      overtake({ cc: ['c@example.com'] })
      const changed = await updateDraft(d.ctx, { id: made.id, subject: 't' })
      expect(changed).toMatchObject({ subject: 't', cc: [{ address: 'c@example.com' }] })
      overtake({ bcc: ['b@example.com'] })
      const afresh = { ...d.ctx, renderer: createRenderer({ blobs }) }
      expect(await getDraft(afresh, { id: made.id })).toMatchObject({
        subject: 't',
        bcc: [{ address: 'b@example.com' }],
      })
      await afresh.renderer.close()
      expect(await d.objects()).toBe(1)
    })

    it('finds nothing where the draft was removed meanwhile, and leaves nothing', async () => {
      const made = await d.create({ subject: 's' })
      const results = await Promise.allSettled([
        updateDraft(d.ctx, { id: made.id, subject: 't' }),
        removeDraft(d.ctx, { id: made.id }),
        updateDraft(d.ctx, { id: made.id, subject: 'u' }),
      ])
      expect(results[1].status).toBe('fulfilled')
      expect([await d.objects(), await counts(d.world), await usedBytes(d.world)]).toEqual([0, {}, 0])
    })
  })

  it('a removed draft is gone for good, wherever it was', async () => {
    const [a, b] = [await d.create({ subject: 'aa' }), await d.create({ subject: 'bb' })]
    await removeMessage(d.ctx, { id: a.id })
    expect((await listDrafts(d.ctx, {})).data.map(({ id }) => id)).toEqual([b.id])
    for (const { id } of [a, b]) expect(await removeDraft(d.ctx, { id })).toEqual({ id, deleted: true })
    expect([await d.objects(), await counts(d.world), await usedBytes(d.world), await d.found('bb')]).toEqual([
      0,
      {},
      0,
      [],
    ])
  })

  describe('a draft from elsewhere', () => {
    const imported = (source: string | Buffer) =>
      d.world.deliver(source, { draft: true, folderRole: 'drafts', seen: true })

    it('keeps what cannot be said here', async () => {
      const id = await imported(
        'Message-ID: <old@x>\nSender: s@example.com\nX-Old: 1\nTo: undisclosed:;\nSubject: s\nContent-Type: text/plain; charset=iso-2022-jp; x=y\n\nbody\n',
      )
      const source = async () => (await d.world.runtime.blobs.read((await d.rowOf(id))?.blobKey ?? '')).toString()
      await updateDraft(d.ctx, { id, subject: 't' })
      for (const kept of ['Message-ID: <old@x>', 'Sender: s@example.com', 'To: undisclosed:;', 'x=y', 'body']) {
        expect(await source()).toContain(kept)
      }
      await updateDraft(d.ctx, { id, text: 'new' })
      expect(await getDraft(d.ctx, { id })).toMatchObject({
        message_id: 'old@x',
        text: 'new',
        subject: 't',
        headers: [{ name: 'X-Old', value: '1' }],
      })
    })

    it('that is broken is changed as far as possible, or refused in so many words', async () => {
      const parts = Array.from(
        { length: 30 },
        (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
      )
      const id = await imported(Buffer.from(`Subject: s\r\n${parts.join('')}`))
      expect((await getDraft(d.ctx, { id })).parse_error).not.toBeNull()
      expect(await updateDraft(d.ctx, { id, subject: 't' })).toMatchObject({ subject: 't' })
      await expect(updateDraft(d.ctx, { id, text: 'x' })).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await d.objects()).toBe(1)
      expect(await d.create({ subject: 'others go on' })).toMatchObject({ subject: 'others go on' })
    })
  })
})
