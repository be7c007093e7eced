import { tenantScope } from '@mairust/db/queries/scope'
import { findMessage } from '@mairust/db/queries/message'
import { withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { ServiceContext } from '../../context.ts'
import { createRenderer } from '../../render/renderer.ts'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { getAttachment, getMessage, getRawMessage, listMessages, removeMessage } from './index.ts'

const PLAIN = `From: Alice <alice@example.net>
To: Bob <bob@example.org>
Subject: Minutes of the meeting
Message-ID: <one@example.net>
Date: Mon, 2 Nov 2026 10:00:00 +0900

We met in the usual place.
`

withDatabases((get) => {
  let world: MailWorld
  beforeAll(async () => {
    world = await makeMailWorld(get())
  })

  describe('a plain message', () => {
    it('is listed and opened with the fields of the contract', async () => {
      const id = await world.deliver(PLAIN)
      const { data } = await listMessages(world.ctx, {})
      expect(data).toMatchObject([
        { id, subject: 'Minutes of the meeting', folder: 'inbox', seen: false, tags: [], has_attachments: false },
      ])
      const detail = await getMessage(world.ctx, { id })
      expect(detail).toMatchObject({
        id,
        from: { name: 'Alice', address: 'alice@example.net' },
        text: expect.stringContaining('usual place') as string,
        html: null,
        message_id: 'one@example.net',
        parse_error: null,
        authentication: { spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none', junk_reason: null, checks: [] },
      })
      expect(detail.headers.map(({ name }) => name)).toEqual(['From', 'To', 'Subject', 'Message-ID', 'Date'])
      const raw = await getRawMessage(world.ctx, { id })
      expect(Buffer.concat(await (await raw.open()).toArray()).toString()).toBe(PLAIN.replaceAll('\n', '\r\n'))
    })
  })

  describe('a message of several parts', () => {
    const source = `From: "=?iso-2022-jp?B?GyRCO3NFRBsoQg==?=" <yamada@example.jp>
To: bob@example.org
Cc: carol@example.org
Reply-To: desk@example.jp
Subject: =?utf-8?B?6KuL5rGC5pu4?=
Message-ID: <two@example.jp>
In-Reply-To: <one@example.net>
References: <zero@example.net> <one@example.net>
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: multipart/alternative; boundary=y

--y
Content-Type: text/plain; charset=utf-8

本文です
--y
Content-Type: text/html; charset=utf-8

<p onclick="x()">本文です</p><img src="https://t.example/p.png" alt="p"><script>x()</script>
--y--
--x
Content-Type: application/pdf
Content-Disposition: attachment; filename="../a.pdf"

%PDF
--x--
`
    it('is opened with all its fields', async () => {
      const id = await world.deliver(source)
      expect(await getMessage(world.ctx, { id })).toMatchObject({
        subject: '請求書',
        cc: [{ name: '', address: 'carol@example.org' }],
        reply_to: [{ name: '', address: 'desk@example.jp' }],
        message_id: 'two@example.jp',
        in_reply_to: 'one@example.net',
        references: ['zero@example.net', 'one@example.net'],
        text: expect.stringContaining('本文です') as string,
        html: expect.stringContaining('<p>本文です</p><img alt="p" />') as string,
        html_fallback: null,
        blocked_images: 1,
        has_attachments: true,
        attachments: [{ index: 0, filename: '_a.pdf', content_type: 'application/pdf', size: 4, inline: false }],
        parse_error: null,
      })
    })
  })

  describe('a message that cannot be parsed', () => {
    it('is listed, opened with the reason, and downloaded completely', async () => {
      const depth = 40
      const open = Array.from({ length: depth }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`)
      const source = `From: a@example.net\nSubject: Deep\n${open.join('')}\nx\n`
      const id = await world.deliver(source)
      const detail = await getMessage(world.ctx, { id })
      expect(detail).toMatchObject({ subject: 'Deep', text: null, html: null })
      expect(detail.parse_error).toBeTruthy()
      const raw = await getRawMessage(world.ctx, { id })
      expect(Buffer.concat(await (await raw.open()).toArray()).toString()).toBe(source.replaceAll('\n', '\r\n'))
    })

    it('may be empty or garbage', async () => {
      for (const source of ['', '\n\n\n', ':', '\u0000\u0001\u0002']) {
        const id = await world.deliver(Buffer.from(source))
        expect(await getMessage(world.ctx, { id })).toMatchObject({ id, subject: '' })
      }
    })
  })

  describe('a message whose stored object is missing', () => {
    const open = (ctx: ServiceContext, id: string) => [
      () => getMessage(ctx, { id }),
      async () => (await getRawMessage(ctx, { id })).open(),
      () => getAttachment(ctx, { id, n: '0' }),
    ]

    it('cannot be opened, and the log tells the operator', async () => {
      const id = await world.deliver(PLAIN)
      const row = await findMessage(get().db, { ...tenantScope(world.mailbox.tenantId), mailboxIds: 'all' }, id)
      await world.runtime.blobs.delete(row?.blobKey ?? '')
      const log = { ...world.ctx.log, error: vi.fn() }
      for (const attempt of open({ ...world.ctx, log }, id)) {
        await expect(attempt()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
      }
      expect(log.error).toHaveBeenCalledTimes(3)
      expect(log.error).toHaveBeenCalledWith(expect.objectContaining({ message_id: id }), expect.any(String))
    })

    it('is not found if it was removed while it was being opened', async () => {
      const { blobs } = world.ctx
      const removeFirst =
        <Result>(read: (key: string) => Promise<Result>) =>
        async (key: string): Promise<Result> => {
          await removeMessage(world.ctx, { id, permanent: true })
          return read(key)
        }
      const slow = {
        ...blobs,
        read: removeFirst((key) => blobs.read(key)),
        get: removeFirst((key) => blobs.get(key)),
      }
      let id = ''
      for (const which of [0, 1, 2]) {
        id = await world.deliver(PLAIN)
        const ctx = { ...world.ctx, blobs: slow, renderer: createRenderer({ blobs: slow }) }
        await expect(open(ctx, id)[which]?.()).rejects.toMatchObject({ code: 'NOT_FOUND' })
      }
    })
  })
})
