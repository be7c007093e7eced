import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { lines, sendRaw } from '../fixtures/mail.ts'
import { ADMIN } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'
import { vectorsFor } from '../fixtures/vectors.ts'

interface ListPage {
  data: { id: string; subject: string }[]
}

const TABS = 3
// the body is the same document in the pane; opening the whole page for each would take minutes
const IN_PANE_EVERY = 8

/** A server that notes whatever is asked of it. */
async function openTrap() {
  const hits: string[] = []
  const server = createServer((request, response) => {
    hits.push(request.url ?? '')
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end()
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

test('hostile HTML: nothing runs and nothing is requested, in the reading pane and opened alone', async ({
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

test('the policy of a frame alone holds what no sanitiser has touched', async ({ adminPage, product, rest }) => {
  test.setTimeout(300_000)
  const { hits, origin, close } = await openTrap()
  await sendRaw(product, ADMIN.email, lines(`To: ${ADMIN.email}`, 'Subject: bare', '', 'text'))
  const { body } = await rest.call<ListPage>('GET', '/messages?limit=1&subject=bare')
  const address = `${product.url}/m/${body.data[0]?.id ?? ''}/body`
  const vectors = vectorsFor(origin)
  const documents = [...vectors, vectors.join('\n')]

  const context = adminPage.context()
  // The headers are the server's own; only what they guard is put in its place.
  await context.route(`${address}?*`, async (route) => {
    const query = new URL(route.request().url()).searchParams
    const html = `<!doctype html><p>before</p>${documents[Number(query.get('raw'))] ?? ''}<p>after</p>`
    if (query.has('unguarded')) await route.fulfill({ contentType: 'text/html', body: html })
    else await route.fulfill({ response: await route.fetch(), body: html })
  })
  const waiting = [...documents.keys()]
  const openNext = async (): Promise<void> => {
    const page = await context.newPage()
    page.on('dialog', (dialog) => {
      hits.push(`dialog ${dialog.message()}`)
      void dialog.dismiss()
    })
    for (let raw = waiting.shift(); raw !== undefined; raw = waiting.shift()) {
      await page.goto(`${address}?raw=${String(raw)}`, { waitUntil: 'networkidle' })
      expect(hits, documents[raw]).toEqual([])
    }
    await page.close()
  }
  await Promise.all(Array.from({ length: TABS }, openNext))
  expect(hits).toEqual([])

  // Without the policy most of them get through: the trap does notice.
  for (const raw of [0, vectors.indexOf(`<img src="${origin}/img">`)]) {
    await adminPage.goto(`${address}?raw=${String(raw)}&unguarded`, { waitUntil: 'networkidle' })
  }
  expect(hits).toEqual(['/script', '/img'])
  await close()
})
