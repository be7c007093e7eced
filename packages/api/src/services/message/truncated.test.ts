import { withDatabases } from '@mairust/db/testing'
import { SHOWN } from '@mairust/mail-core/message'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DraftWorld, makeDraftWorld } from '../../testing/drafts.ts'
import { getDraft, updateDraft } from '../draft/index.ts'
import { getMessage, listMessages } from './index.ts'

const { characters, mailboxes } = SHOWN
const many = (count: number) => Array.from({ length: count }, (_, at) => `a${at}@b.example`).join(',\n ')
const LONG_TEXT = 'line\n'.repeat(characters)
const LONG_HTML = `<p>${'word '.repeat(characters)}</p>`
const ofType = (type: string, content: string) => `Content-Type: ${type}; charset=utf-8\n\n${content}`

// A stranger decides how much a message has; whoever opens it decides how often.
withDatabases((get) => {
  let d: DraftWorld
  beforeEach(async () => {
    d = await makeDraftWorld(get())
  })
  afterEach(() => d.world.runtime.drafts.close())

  const open = async (source: string) => getMessage(d.ctx, { id: await d.world.deliver(source) })
  const imported = (source: string) => d.world.deliver(source, { draft: true })

  describe('an opened message is bounded, and says what it has more of', () => {
    it('text', async () => {
      const message = await open(`Subject: long\n\n${LONG_TEXT}`)
      expect(message.text).toHaveLength(characters)
      expect(message.truncated).toEqual(['text'])
    })

    it('text that is not plain', async () => {
      const message = await open(`Subject: long\n${ofType('text/plain', '😀'.repeat(characters))}`)
      expect(message.text).toHaveLength(characters)
      expect(message.text?.isWellFormed()).toBe(true)
      expect((await open(ofType('text/plain', `x${'😀'.repeat(characters)}`))).text?.isWellFormed()).toBe(true)
    })

    it('HTML, whose text is then that of its start', async () => {
      const message = await open(ofType('text/html', LONG_HTML))
      expect(message.truncated).toEqual(['text', 'html'])
      expect(message.html_fallback).toBe('too_large')
      expect(message.text?.length).toBeLessThanOrEqual(characters)
    })

    it('HTML that is made safe and grows', async () => {
      const message = await open(ofType('text/html', '<a href=//a>'.repeat(80_000)))
      expect(message.html_fallback).not.toBeNull()
      expect(JSON.stringify(message).length).toBeLessThan(characters)
    })

    it('addresses in every field', async () => {
      const message = await open(
        `To: ${many(mailboxes + 5)}\nCc: ${many(mailboxes + 1)}\nBcc: ${many(mailboxes)}\nReply-To: x@y.example\n\nx\n`,
      )
      expect([message.to, message.cc, message.bcc].map(({ length }) => length)).toEqual([
        mailboxes,
        mailboxes,
        mailboxes,
      ])
      expect(message.truncated).toEqual(['to', 'cc'])
    })

    it('an address that is too long, of which only the domain is left', async () => {
      const address = `"${'x'.repeat(306)}@bank.example${'y'.repeat(40)}"@evil.example`
      const field = (name: string) => `${name}: <${address}>\n`
      const message = await open(`${['From', 'To', 'Cc', 'Reply-To'].map(field).join('')}\nx\n`)
      const shown = { name: '', address: '...@evil.example' }
      expect(message).toMatchObject({ from: shown, to: [shown], cc: [shown], reply_to: [shown] })
      expect(message.truncated).toEqual(['to', 'cc', 'reply_to'])
      const { data } = await listMessages(d.ctx, {})
      expect(data).toMatchObject([{ from: shown, to: [shown] }])
    })

    it('what is told about attachments', async () => {
      const file = `--x\nContent-Type: ${'t'.repeat(20_000)}/x\nContent-ID: <${'i'.repeat(20_000)}>\nContent-Disposition: attachment\n\nx\n`
      const message = await open(`Content-Type: multipart/mixed; boundary=x\n\n${file.repeat(200)}--x--\n`)
      expect(message.attachments).toHaveLength(200)
      expect(JSON.stringify(message).length).toBeLessThan(characters)
    })

    it('and one that is shown whole says nothing', async () => {
      const message = await open(`To: ${many(mailboxes)}\n\n${'x\n'.repeat(100)}`)
      expect(message.truncated).toEqual([])
    })
  })

  describe('a draft that was imported with more than is shown', () => {
    it.each([
      ['text', ofType('text/plain', LONG_TEXT), { text: 'short' }],
      ['html', ofType('text/html', LONG_HTML), { html: null }],
      ['to', `To: ${many(mailboxes + 1)}\n\nx\n`, { to: ['a@b.example'] }],
      ['reply_to', `Reply-To: ${many(mailboxes + 1)}\n\nx\n`, { reply_to: [] }],
      ['subject', `Subject: ${'s'.repeat(999)}\n\nx\n`, { subject: 's' }],
    ])('says so, and does not lose the rest of its %s', async (field, source, change) => {
      const id = await imported(source)
      expect((await getDraft(d.ctx, { id })).truncated).toContain(field)
      await expect(updateDraft(d.ctx, { id, ...change })).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining(`more in ${field} than is shown`) as string,
      })
    })

    it('keeps all of it when something else is changed', async () => {
      const id = await imported(`To: ${many(mailboxes + 1)}\n${ofType('text/plain', LONG_TEXT)}`)
      await updateDraft(d.ctx, { id, subject: 'New', html: '<p>New</p>' })
      expect(await getDraft(d.ctx, { id })).toMatchObject({ subject: 'New', truncated: ['text', 'to'] })
    })
  })

  it('a draft has all its recipients, not only those of a list', async () => {
    const to = Array.from({ length: mailboxes }, (_, at) => `a${at}@b.example`)
    const made = await d.create({ to })
    expect(made.to).toHaveLength(mailboxes)
    expect((await getDraft(d.ctx, { id: made.id })).to).toHaveLength(mailboxes)
  })
})
