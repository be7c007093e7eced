import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { lines, sendRaw } from '../fixtures/mail.ts'
import type { ListPage } from '../fixtures/mailbox.ts'
import { ADMIN } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'
import { vectorsFor } from '../fixtures/vectors.ts'

const TABS = 3
// the pane shows the same document as the body alone; opening the whole page for each would take minutes
const IN_PANE_EVERY = 8

/** A server that records every request, except those for `pages`. */
async function openTrap(pages = new Map<string, { html: string; headers: Record<string, string> }>()) {
  const hits: string[] = []
  const server = createServer((request, response) => {
    const url = request.url ?? ''
    const page = pages.get(url)
    if (page === undefined) hits.push(url)
    response.writeHead(200, page?.headers ?? { 'access-control-allow-origin': '*' }).end(page?.html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    hits,
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

test('hostile HTML runs nothing and requests nothing, in the reading pane or opened alone', async ({
  adminPage,
  product,
  rest,
}) => {
  test.setTimeout(300_000)
  const { hits, origin, close } = await openTrap()
  const foreign: string[] = []
  const context = adminPage.context()
  context.on('request', (request) => {
    if (!request.url().startsWith(product.url) && !request.url().startsWith('data:')) foreign.push(request.url())
  })

  const vectors = vectorsFor(origin)
  for (const [i, html] of vectors.entries()) {
    await sendRaw(
      product,
      ADMIN.email,
      lines(
        'From: attacker@remote.example',
        `To: ${ADMIN.email}`,
        `Subject: vector ${String(i)}`,
        'Content-Type: text/html; charset=utf-8',
        '',
        `<p>before</p>${html}<p>after</p>`,
      ),
    )
  }
  const ids = new Map<string, string>()
  const { body } = await rest.call<ListPage>('GET', '/messages?limit=100&subject=vector')
  for (const { id, subject } of body.data) ids.set(subject, id)
  expect(ids.size).toBe(vectors.length)

  const waiting = [...vectors.entries()]
  const openNext = async (): Promise<void> => {
    const page = await context.newPage()
    page.on('dialog', (dialog) => {
      foreign.push(`dialog ${dialog.message()}`)
      void dialog.dismiss()
    })
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [i, html] = next
      const id = ids.get(`vector ${String(i)}`) ?? ''
      await page.goto(`${product.url}/m/${id}/body?images=1`, { waitUntil: 'networkidle' })
      await expect(page.locator('body'), html).toContainText('before')
      if (i % IN_PANE_EVERY === 0) {
        await page.goto(`${product.url}/mail/${ADMIN.email}/inbox?m=${id}&images=1`)
        await expect(page.frameLocator('iframe').locator('body'), html).toContainText('before')
      }
      expect([...hits, ...foreign], html).toEqual([])
    }
    await page.close()
  }
  await Promise.all(Array.from({ length: TABS }, openNext))
  expect([...hits, ...foreign]).toEqual([])
  await close()
})

test('the content security policy alone contains unsanitised HTML', async ({ adminPage, product, rest }) => {
  test.setTimeout(300_000)
  await sendRaw(
    product,
    ADMIN.email,
    lines('From: a@remote.example', `To: ${ADMIN.email}`, 'Subject: bare', '', 'text'),
  )
  const { body } = await rest.call<ListPage>('GET', '/messages?limit=1&subject=bare')
  const context = adminPage.context()
  const answer = await context.request.get(`${product.url}/m/${body.data[0]?.id ?? ''}/body`)
  const { 'content-security-policy': policy = '' } = answer.headers()
  expect(policy).toContain("default-src 'none'")

  const pages = new Map<string, { html: string; headers: Record<string, string> }>()
  // Browsers request this from any site.
  pages.set('/favicon.ico', { html: '', headers: {} })
  const { hits, origin, close } = await openTrap(pages)
  const vectors = vectorsFor(origin)
  const unguarded = { 'content-type': 'text/html; charset=utf-8' }
  for (const [n, vector] of [...vectors, vectors.join('\n')].entries()) {
    const html = `<!doctype html><p>before</p>${vector}<p>after</p>`
    pages.set(`/unguarded/${String(n)}`, { html, headers: unguarded })
    pages.set(`/guarded/${String(n)}`, { html, headers: { ...unguarded, 'content-security-policy': policy } })
  }
  const waiting = [...pages.keys()].filter((path) => path.startsWith('/guarded/'))
  const openNext = async (): Promise<void> => {
    const page = await context.newPage()
    page.on('dialog', (dialog) => {
      hits.push(`dialog ${dialog.message()}`)
      void dialog.dismiss()
    })
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      await page.goto(`${origin}${path}`, { waitUntil: 'networkidle' })
      await expect(page.locator('body')).toContainText('before')
      expect(hits, pages.get(path)?.html).toEqual([])
    }
    await page.close()
  }
  await Promise.all(Array.from({ length: TABS }, openNext))
  expect(hits).toEqual([])

  // Control: without the policy, scripts run and images load.
  for (const n of [0, vectors.indexOf(`<img src="${origin}/img">`)]) {
    await adminPage.goto(`${origin}/unguarded/${String(n)}`, { waitUntil: 'networkidle' })
  }
  expect(hits).toEqual(['/script', '/img'])
  await close()
})
