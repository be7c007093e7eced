import { tenantScope } from '@mairust/db/queries/scope'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, ORIGIN, type TestApi } from '../testing/api.ts'
import { deliver } from '../testing/mail.ts'

const part = (type: string, name: string, content: string | Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      `--x\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; ${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
    ),
    Buffer.from(`${Buffer.from(content).toString('base64')}\r\n`),
  ])
const PNG = Buffer.from('89504e470d0a1a0a00', 'hex')

const RAW = Buffer.concat([
  Buffer.from(
    'Subject: files\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nBytes: \xff\xfe \0\r\n',
    'latin1',
  ),
  part('application/pdf', 'filename=plain.pdf', '%PDF'),
  part('text/html', 'filename="page.html"', '<script>alert(1)</script>'),
  part('image/svg+xml', 'filename=x.svg', '<svg onload="alert(1)"/>'),
  part('image/png', "filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8%22.png", PNG),
  part('image/png', 'filename=fake.png', '<html>'),
  part('bad type\r\n x', 'filename="../../etc/passwd"', 'x'),
  Buffer.from('--x--\r\n'),
])

withDatabases((get) => {
  let test: TestApi
  let key: string
  let id: string
  beforeAll(async () => {
    test = makeTestApi(get())
    const user = await test.user()
    key = await test.key(user, ['read'])
    id = await deliver(
      get(),
      test.runtime,
      await makeMailbox(get().db, tenantScope(user.tenantId), { userId: user.id }),
      RAW,
    )
  })
  afterAll(() => test.api.close())

  const ask = (path: string, as = key): Promise<Response> =>
    test.api.rest(new Request(`${ORIGIN}/api/v1${path}`, { headers: { authorization: `Bearer ${as}` } }))

  it('serves the source of a message exactly as stored', async () => {
    const answer = await ask(`/messages/${id}/raw`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('message/rfc822')
    expect(answer.headers.get('content-length')).toBe(String(RAW.length))
    expect(Buffer.from(await answer.arrayBuffer()).equals(RAW)).toBe(true)
  })

  it('serves ranges of the source and of an attachment, each with an entity tag of its own', async () => {
    const part = (path: string, headers: Record<string, string>) =>
      test.api.rest(new Request(`${ORIGIN}/api/v1${path}`, { headers: { authorization: `Bearer ${key}`, ...headers } }))
    const tags = []
    for (const [path, whole] of [
      [`/messages/${id}/raw`, RAW],
      [`/messages/${id}/attachments/3`, PNG],
      [`/messages/${id}/attachments/3?inline=true`, PNG],
    ] as const) {
      const answer = await part(path, { range: 'bytes=3-6' })
      expect(answer.status).toBe(206)
      expect(answer.headers.get('content-range')).toBe(`bytes 3-6/${whole.length}`)
      expect(Buffer.from(await answer.arrayBuffer()).equals(whole.subarray(3, 7))).toBe(true)
      const etag = answer.headers.get('etag') ?? ''
      tags.push(etag)
      expect((await part(path, { 'if-none-match': etag })).status).toBe(304)
      const outside = await part(path, { range: 'bytes=999999-' })
      expect([outside.status, outside.headers.get('content-range')]).toEqual([416, `bytes */${whole.length}`])
    }
    expect(tags[0]).not.toBe(tags[1])
  })

  describe('an attachment', () => {
    it.each([
      ['a file', 0, 'application/pdf', 'attachment; filename="plain.pdf"'],
      ['a page', 1, 'application/octet-stream', 'attachment; filename="page.html"'],
      ['an SVG', 2, 'application/octet-stream', 'attachment; filename="x.svg"'],
      [
        'a Japanese name',
        3,
        'image/png',
        `attachment; filename="____.png"; filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8%22.png`,
      ],
    ])('that is %s is saved under its name, and sandboxed', async (_name, n, type, disposition) => {
      const answer = await ask(`/messages/${id}/attachments/${n}`)
      expect(answer.status).toBe(200)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': type,
        'content-disposition': disposition,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
      })
    })

    it('is shown inline only if its bytes are an image', async () => {
      const shown = await ask(`/messages/${id}/attachments/3?inline=true`)
      expect(shown.headers.get('content-disposition')).toMatch(/^inline/)
      for (const n of [1, 2, 4]) {
        const saved = await ask(`/messages/${id}/attachments/${n}?inline=true`)
        expect(saved.headers.get('content-disposition')).toMatch(/^attachment/)
      }
    })

    it('never has a path as its name, nor an invalid type', async () => {
      const answer = await ask(`/messages/${id}/attachments/5`)
      expect(answer.headers.get('content-type')).toMatch(/^[\w.+-]+\/[\w.+-]+$/)
      expect(answer.headers.get('content-disposition')).not.toMatch(/[/\\]etc/)
    })
  })

  it.each(['/messages/msg_x/raw', '/messages/x/attachments/0'])('answers 404 to %s', async (path) => {
    expect((await ask(path)).status).toBe(404)
  })

  it('answers 404 if there is none, and to other users', async () => {
    expect((await ask(`/messages/${id}/attachments/99`)).status).toBe(404)
    expect((await ask(`/messages/${id}/attachments/abc`)).status).toBe(404)
    const foreign = await test.key(await test.user({ role: 'super_admin' }))
    for (const path of [`/messages/${id}/raw`, `/messages/${id}/attachments/0`]) {
      expect((await ask(path, foreign)).status).toBe(404)
    }
  })
})
