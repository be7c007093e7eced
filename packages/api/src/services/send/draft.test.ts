import { withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { textFile } from '../../testing/drafts.ts'
import { makeSentWorld, type SentWorld } from '../../testing/sent.ts'
import { updateDraft } from '../draft/index.ts'
import { getMessage } from '../message/index.ts'
import { sendDraft } from './index.ts'

withDatabases((get) => {
  let d: SentWorld
  beforeEach(async () => {
    d = await makeSentWorld(get())
  })
  afterEach(() => d.close())

  const draft = (input: Parameters<SentWorld['create']>[0] = {}) =>
    d.create({ from: d.address, to: ['Ken <ken@far.example>'], subject: 'Soup', text: 'At seven.', ...input })

  it('a draft leaves Drafts and is in Sent, with everything that it had and a Date of now', async () => {
    const { id, message_id: messageId } = await draft({
      bcc: ['eve@far.example'],
      attachments: [textFile('menu.txt', 'soup')],
    })
    const later = new Date(Date.now() + 3_600_000)
    const sent = await sendDraft({ ...d.ctx, now: () => later }, { id })
    expect(sent).toMatchObject({ status: 'queued', message_id: messageId })
    expect(sent.recipients.map(({ address }) => address)).toEqual(['ken@far.example', 'eve@far.example'])
    expect(await d.inFolder('drafts')).toEqual([])
    const copy = await getMessage(d.ctx, { id: sent.id })
    expect(copy).toMatchObject({
      folder: 'sent',
      draft: false,
      seen: true,
      subject: 'Soup',
      bcc: [{ address: 'eve@far.example' }],
      attachments: [{ filename: 'menu.txt' }],
    })
    expect(copy.date).toBe(new Date(Math.floor(later.getTime() / 1000) * 1000).toISOString())
    // What goes out, and the copy: nothing of the draft is left.
    expect(await d.objects()).toBe(2)
    await expect(sendDraft(d.ctx, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await d.deliveries()).toHaveLength(2)
  })

  it('a draft is sent without a copy when that is not wanted', async () => {
    const { id } = await draft()
    await sendDraft(d.ctx, { id, save_copy: false })
    expect([...(await d.inFolder('drafts')), ...(await d.inFolder('sent'))]).toEqual([])
  })

  it('a draft stays when it cannot be sent: without recipients or author, to nobody here, or as somebody else', async () => {
    const cases = [
      [await draft({ to: [] }), 'VALIDATION_ERROR', 'to'],
      [await draft({ from: null }), 'VALIDATION_ERROR', 'from'],
      [await draft({ cc: [`nobody@${d.domain}`] }), 'VALIDATION_ERROR', 'cc.0'],
      [await draft({ from: 'boss@elsewhere.example' }), 'FORBIDDEN', 'from'],
    ] as const
    for (const [{ id }, code, field] of cases) {
      await expect(sendDraft(d.ctx, { id })).rejects.toMatchObject({ code, details: [{ field }] })
    }
    expect(await d.inFolder('drafts')).toHaveLength(cases.length)
    expect(await d.deliveries()).toEqual([])
    expect(await d.objects()).toBe(cases.length)
  })

  it('a draft that is sent twice at once is sent once', async () => {
    const { id } = await draft()
    const both = await Promise.allSettled([sendDraft(d.ctx, { id }), sendDraft(d.ctx, { id })])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await d.deliveries()).toHaveLength(1)
    expect(await d.inFolder('sent')).toHaveLength(1)
  })

  it('a draft that is saved while it is sent goes as it was saved, or the change finds none', async () => {
    const { id } = await draft()
    const [sent] = await Promise.allSettled([sendDraft(d.ctx, { id }), updateDraft(d.ctx, { id, subject: 'Stew' })])
    expect(sent.status).toBe('fulfilled')
    expect(await d.inFolder('drafts')).toEqual([])
    expect(await d.inFolder('sent')).toHaveLength(1)
  })

  it('somebody else cannot send a draft that they cannot see', async () => {
    const { id } = await draft()
    await expect(sendDraft(await d.world.as('user'), { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
