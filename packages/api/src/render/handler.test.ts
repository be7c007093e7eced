import { tenantScope } from '@mairust/db/queries/scope'
import type { MailboxRow } from '@mairust/db/queries/mailbox'
import { findMessage } from '@mairust/db/queries/message'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, signIn, type TestApi } from '../testing/api.ts'
import { deliver } from '../testing/mail.ts'

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const NEWSLETTER = `From: news@shop.example
Subject: News
Content-Type: multipart/related; boundary=x

--x
Content-Type: text/html; charset=utf-8

<h1>News</h1><img src="cid:logo@shop" alt="Logo"><img src="https://t.example/pixel.png" alt="Remote"><script>alert(1)</script>
--x
Content-Type: image/png; name=logo.png
Content-ID: <logo@shop>
Content-Transfer-Encoding: base64
Content-Disposition: inline; filename=logo.png

${PNG}
--x
Content-Type: image/png; name=fake.png
Content-ID: <fake@shop>
Content-Disposition: inline; filename=fake.png

<svg onload="alert(1)"/>
--x--
`

withDatabases((get) => {
  let test: TestApi
  let cookie: string
  let stranger: string
  let id: string
  let mailbox: MailboxRow

  beforeAll(async () => {
    test = makeTestApi(get())
    const user = await test.user()
    mailbox = await makeMailbox(get().db, tenantScope(user.tenantId), { userId: user.id })
    id = await deliver(get(), test.runtime, mailbox, NEWSLETTER)
    cookie = await signIn(test, user)
    stranger = await signIn(test, await test.user({ role: 'super_admin' }))
  })
  afterAll(() => test.api.close())

  const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    test.api.render(new Request(`http://localhost:8080${path}`, { headers: { host: 'mail.example:8080', ...headers } }))
  const body = async (query = '', as = cookie): Promise<string> =>
    (await ask(`/m/${id}/body${query}`, { cookie: as })).text()
  const source = (html: string, alt: string): string =>
    new RegExp(`alt="${alt}" src="([^"]*)"`).exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''

  describe('the frame of a message', () => {
    it('is sandboxed', async () => {
      const answer = await ask(`/m/${id}/body`, { cookie })
      expect(answer.status).toBe(200)
      expect(Object.fromEntries(answer.headers)).toEqual({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy':
          "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data: localhost:8080/img-proxy/ localhost:8080/m/ mail.example:8080/img-proxy/ mail.example:8080/m/; style-src 'unsafe-inline'; font-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-dns-prefetch-control': 'off',
        'cache-control': 'private, no-store',
      })
    })

    it('names the public host once if the request has the same host', async () => {
      const answer = await ask(`/m/${id}/body`, { cookie, host: 'localhost:8080' })
      expect(answer.headers.get('content-security-policy')).toContain(
        'img-src data: localhost:8080/img-proxy/ localhost:8080/m/;',
      )
    })

    it('lets no header of the request break its policy', async () => {
      const answer = await ask(`/m/${id}/body`, { cookie, host: "evil.example; script-src 'unsafe-inline'" })
      expect(answer.headers.get('content-security-policy')).toContain(
        'img-src data: localhost:8080/img-proxy/ localhost:8080/m/;',
      )
      expect(answer.headers.get('content-security-policy')).not.toContain('script-src')
    })

    it('shows the message without scripts and remote images', async () => {
      const html = await body()
      expect(html).toContain('<h1>News</h1>')
      expect(html).not.toContain('alert')
      expect(html).not.toContain('t.example')
    })

    it('shows remote images through the proxy on request', async () => {
      const url = new URL(source(await body('?images=1'), 'Remote'), 'http://x')
      expect(url.pathname).toBe('/img-proxy/')
      expect(url.searchParams.get('u')).toBe('https://t.example/pixel.png')
    })

    it.each([
      ['nobody', () => '', 401, 'signed out'],
      ['somebody else', () => stranger, 404, 'no such message'],
    ])('is not shown to %s', async (_name, as, status, says) => {
      const answer = await ask(`/m/${id}/body`, { cookie: as() })
      expect(answer.status).toBe(status)
      const html = await answer.text()
      expect(html).toContain(says)
      expect(html).not.toContain('News')
    })

    it('accepts no API key, since it is for browsers', async () => {
      expect((await ask(`/m/${id}/body`, { authorization: 'Bearer mk_live_x' })).status).toBe(401)
    })

    it('says so if the stored message is missing, and shows no image of it', async () => {
      const lost = await deliver(get(), test.runtime, mailbox, NEWSLETTER)
      const opened = await deliver(get(), test.runtime, mailbox, NEWSLETTER)
      const html = await (await ask(`/m/${opened}/body`, { cookie })).text()
      for (const message of [lost, opened]) {
        const row = await findMessage(get().db, { ...tenantScope(mailbox.tenantId), mailboxIds: 'all' }, message)
        await test.runtime.blobs.delete(row?.blobKey ?? '')
      }
      const answer = await ask(`/m/${lost}/body`, { cookie })
      expect(answer.status).toBe(503)
      expect(await answer.text()).toContain('The stored message is missing')
      expect((await ask(source(html, 'Logo'))).status).toBe(503)
    })

    it('has the language of the reader', async () => {
      expect(await body('?lang=ja', stranger)).toContain('見つかりません')
      const answer = await ask(`/m/msg_none/body`, { cookie, 'accept-language': 'ja-JP,en;q=0.5' })
      expect(await answer.text()).toContain('見つかりません')
    })

    it.each([
      ['text', 'Subject: x\n\nSee https://example.com/ <b>not bold</b>\n', '&lt;b&gt;not bold&lt;/b&gt;'],
      ['nothing', 'Subject: x\n\n', 'has no text'],
      ['too much HTML', `Subject: x\nContent-Type: text/html\n\n<p>Start${'<b>x</b> '.repeat(130_000)}`, 'too large'],
    ])('shows a message of %s', async (_name, raw, says) => {
      const message = await deliver(get(), test.runtime, mailbox, raw)
      expect(await (await ask(`/m/${message}/body`, { cookie })).text()).toContain(says)
    })
  })

  describe('an image in the frame', () => {
    it('is served under its signed URL, without a cookie', async () => {
      const answer = await ask(source(await body(), 'Logo'))
      expect(answer.status).toBe(200)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'image/png',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
      })
      expect(Buffer.from(await answer.arrayBuffer()).toString('base64')).toBe(PNG)
    })

    it('is not served under any other URL', async () => {
      const path = source(await body(), 'Logo')
      const other = await deliver(get(), test.runtime, mailbox, NEWSLETTER)
      for (const wrong of [path.replace('/cid/0', '/cid/1'), path.replace(id, other), path.split('?')[0] ?? '']) {
        expect((await ask(wrong, { cookie })).status).toBe(403)
      }
    })

    it('is not served an hour later', async () => {
      const path = source(await body(), 'Logo')
      test.clock.now = new Date(test.clock.now.getTime() + 3_600_001)
      expect((await ask(path)).status).toBe(403)
    })
  })

  it('answers 404 elsewhere', async () => {
    expect((await ask('/m/x/y')).status).toBe(404)
  })
})
