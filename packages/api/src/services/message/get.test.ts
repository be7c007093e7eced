import { withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeMailWorld, type MailWorld } from '../../testing/mail.ts'
import { getMessage, getRawMessage, listMessages } from './index.ts'

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
      const { data } = await listMessages({ ctx: world.ctx, input: {} })
      expect(data).toMatchObject([
        { id, subject: 'Minutes of the meeting', folder: 'inbox', seen: false, tags: [], has_attachments: false },
      ])
      const detail = await getMessage({ ctx: world.ctx, input: { id } })
      expect(detail).toMatchObject({
        id,
        from: { name: 'Alice', address: 'alice@example.net' },
        text: expect.stringContaining('usual place') as string,
        html: null,
        message_id: 'one@example.net',
        parse_error: null,
        authentication: { spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none' },
      })
      expect(detail.headers.map(({ name }) => name)).toEqual(['From', 'To', 'Subject', 'Message-ID', 'Date'])
      const raw = await getRawMessage({ ctx: world.ctx, input: { id } })
      expect(Buffer.concat(await raw.content.toArray()).toString()).toBe(PLAIN.replaceAll('\n', '\r\n'))
    })
  })
})
