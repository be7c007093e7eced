import { tenantScope } from '@mairust/db/queries/scope'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../errors.ts'
import { type DraftWorld, makeDraftWorld, textFile } from '../../testing/drafts.ts'
import { counts, usedBytes } from '../../testing/mailbox-state.ts'
import { getMessage } from '../message/index.ts'
import { getThread } from '../thread/index.ts'
import { createDraft, getDraft, listDrafts, removeDraft, updateDraft } from './index.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

withDatabases((get) => {
  let d: DraftWorld
  beforeEach(async () => {
    d = await makeDraftWorld(get())
  })
  afterEach(() => d.world.runtime.drafts.close())

  describe('a draft', () => {
    it('is kept as written, from its mailbox, in Drafts, and seen', async () => {
      const made = await d.create({
        to: ['Ann Example <ann@example.com>', { name: '山田', address: 'yamada@example.jp' }],
        cc: ['c@example.com'],
        bcc: ['"Doe, J." <j@example.com>'],
        reply_to: ['r@example.com'],
        subject: 'Dinner 🍲',
        text: 'Shall we?\n\nFrom here.',
        html: '<p>Shall we? <img src="https://example.com/x.png"></p>',
        headers: [{ name: 'X-Mood', value: 'hungrig – sehr' }],
        in_reply_to: '<q@example.com>',
        references: ['p@example.com', 'q@example.com'],
        attachments: [textFile('menü.txt', 'soup')],
      })
      const { address, displayName } = d.world.mailbox
      expect(made).toMatchObject({
        mailbox_id: d.world.mailbox.id,
        folder: 'drafts',
        from: { name: displayName, address },
        to: [
          { name: 'Ann Example', address: 'ann@example.com' },
          { name: '山田', address: 'yamada@example.jp' },
        ],
        cc: [{ name: '', address: 'c@example.com' }],
        bcc: [{ name: 'Doe, J.', address: 'j@example.com' }],
        reply_to: [{ name: '', address: 'r@example.com' }],
        subject: 'Dinner 🍲',
        text: 'Shall we?\n\nFrom here.',
        html: '<p>Shall we? <img src="https://example.com/x.png"></p>',
        headers: [{ name: 'X-Mood', value: 'hungrig – sehr' }],
        in_reply_to: 'q@example.com',
        references: ['p@example.com', 'q@example.com'],
        attachments: [{ index: 0, filename: 'menü.txt', content_type: 'text/plain', size: 4, inline: false }],
        draft: true,
        seen: true,
        has_attachments: true,
        parse_error: null,
      })
      expect(await getDraft(d.ctx, { id: made.id })).toEqual(made)
      expect(await d.contentOf(made.id, 0)).toBe('soup')
      expect(await counts(d.world)).toEqual({ drafts: [1, 0] })
      expect(await usedBytes(d.world)).toBe(made.size)
      expect(await d.found('dinner')).toEqual([made.id])
      expect(await d.objects()).toBe(1)
    })

    it('may be empty, and have no author', async () => {
      expect(await d.create()).toMatchObject({ subject: '', to: [], text: '', html: null, attachments: [] })
      expect(await d.create({ from: null })).toMatchObject({ from: { name: '', address: '' } })
    })

    it('shows pictures within its text, and forwards messages', async () => {
      const made = await d.create({
        html: '<img src="cid:logo">',
        attachments: [
          {
            filename: 'logo.png',
            content_type: 'image/png',
            content: PNG.toString('base64'),
            content_id: '<logo>',
            inline: true,
          },
          {
            filename: 'old.eml',
            content_type: 'message/rfc822',
            content: Buffer.from('Subject: old\r\n\r\nhello').toString('base64'),
          },
        ],
      })
      const kinds = made.attachments.map((one) => [one.filename, one.content_type, one.content_id, one.inline])
      expect(kinds.sort()).toEqual([
        ['logo.png', 'image/png', 'logo', true],
        ['old.eml', 'message/rfc822', null, false],
      ])
      expect((await getMessage(d.ctx, { id: made.id })).html).toContain(`/m/${made.id}/cid/`)
    })

    it('joins the conversation that it answers, and leaves it again', async () => {
      const question = await d.world.deliver('Message-ID: <q@x>\nFrom: a@example.net\nSubject: Q\n\n?\n')
      const { threadId = '' } = (await d.rowOf(question)) ?? {}
      const made = await d.create({ in_reply_to: 'q@x', subject: 'Re: Q' })
      expect(made.thread_id).toBe(threadId)
      const away = await updateDraft(d.ctx, { id: made.id, in_reply_to: null, subject: 'Another' })
      const own = (await d.rowOf(made.id))?.threadId ?? ''
      expect(own).not.toBe(threadId)
      expect(away).toMatchObject({ thread_id: own, in_reply_to: null, references: [] })
      expect(await getThread(d.ctx, { id: own })).toMatchObject({ subject: 'Another', message_count: 1 })
      expect(await getThread(d.ctx, { id: threadId })).toMatchObject({ subject: 'Q', message_count: 1 })
      const back = await updateDraft(d.ctx, { id: made.id, in_reply_to: '<q@x>' })
      expect(back).toMatchObject({ thread_id: threadId, references: ['q@x'] })
      await expect(getThread(d.ctx, { id: own })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect(await getThread(d.ctx, { id: threadId })).toMatchObject({ message_count: 2 })
    })
  })

  it('the list has drafts alone, the last one saved first, page by page', async () => {
    await d.world.deliver('Subject: mail\n\nx\n')
    const ids: string[] = []
    for (const subject of ['1', '2', '3']) ids.unshift((await d.create({ subject })).id)
    expect((await listDrafts(d.ctx, { mailbox: d.world.mailbox.address })).data.map(({ id }) => id)).toEqual(ids)
    const first = await listDrafts(d.ctx, { limit: 2 })
    const rest = await listDrafts(d.ctx, { limit: 2, cursor: first.pagination.cursor ?? '' })
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(ids)
    await updateDraft(d.ctx, { id: ids[2] ?? '', subject: 'newest' })
    expect((await listDrafts(d.ctx, { limit: 1 })).data).toMatchObject([{ subject: 'newest' }])
  })

  it('what is no draft is not found', async () => {
    const id = await d.world.deliver('Subject: mail\n\nx\n')
    const calls = [getDraft, removeDraft, updateDraft] as const
    for (const call of calls) {
      await expect(call(d.ctx, { id })).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'There is no such draft.' })
    }
    expect(await d.objects()).toBe(1)
  })

  describe('the mailbox of a new draft', () => {
    it('is the one named, the one it is from, or the only one', async () => {
      const scope = tenantScope(d.world.mailbox.tenantId)
      const second = await makeMailbox(get().db, scope, { userId: d.world.user.id })
      const both = { ...d.ctx, actor: (await d.world.as('user', [d.world.mailbox.id, second.id])).actor }
      const actor = { ...both.actor, userId: d.world.user.id }
      const mine = { ...both, actor }
      await expect(d.create({}, mine)).rejects.toMatchObject({ details: [{ field: 'mailbox' }] })
      expect((await d.create({ from: second.address }, mine)).mailbox_id).toBe(second.id)
      expect((await d.create({ mailbox: second.id, from: 'x@elsewhere.example' }, mine)).mailbox_id).toBe(second.id)
      await expect(d.create({}, await d.world.as('user', []))).rejects.toMatchObject({
        details: [{ field: 'mailbox' }],
      })
      await expect(d.create({ mailbox: d.world.mailbox.id }, await d.world.as('user', []))).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
    })
  })

  it('names each wrong field', async () => {
    const wrong = {
      from: 'not an address',
      to: ['ok@example.com', 'a@example.com, b@example.com', { address: 'x' }],
      subject: 'a\r\nBcc: x',
      headers: [
        { name: 'From', value: 'x' },
        { name: 'Content-Type', value: 'x' },
        { name: 'A B', value: 'x' },
        { name: 'X-A', value: 'a\nb' },
      ],
      attachments: [
        { filename: 'a', content: '***' },
        { filename: 'b', content: '', content_type: 'multipart/mixed' },
        { filename: 'c', content: '', inline: true },
      ],
      in_reply_to: 'a b',
    }
    const error = await createDraft(d.ctx, wrong).then(fail, (thrown: unknown) => thrown)
    if (!(error instanceof AppError)) throw error
    expect(error.details.map(({ field }) => field)).toEqual([
      'from',
      'to.1',
      'to.2.address',
      'subject',
      'headers.0.name',
      'headers.1.name',
      'headers.2.name',
      'headers.3.value',
      'in_reply_to',
      'attachments.0.content',
      'attachments.1.content_type',
      'attachments.2.content_id',
    ])
    expect(error.details[1]?.reason).toContain('several addresses')
    expect(await d.objects()).toBe(0)
  })
})

const fail = (): never => {
  throw new Error('it was not refused')
}
