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

test('hostile HTML: nothing runs and nothing is requested, in the reading pane and opened alone', async ({
  adminPage,
  product,
  rest,
}) => {
  test.setTimeout(300_000)
  const hits: string[] = []
  const trap = createServer((request, response) => {
    hits.push(request.url ?? '')
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end()
  })
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${String((trap.address() as AddressInfo).port)}`
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
      await page.goto(`${product.url}/m/${id}/body?images=1`)
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
  trap.closeAllConnections()
  await new Promise((resolve) => trap.close(resolve))
})
