import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { lines, sendRaw } from '../fixtures/mail.ts'
import { ADMIN } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'
import { vectorsFor } from '../fixtures/vectors.ts'

interface ListPage {
  data: { id: string; subject: string }[]
}

test('hostile HTML: nothing runs and nothing is requested, in the reading pane and opened alone', async ({
  adminPage: page,
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
  page.on('request', (request) => {
    if (!request.url().startsWith(product.url) && !request.url().startsWith('data:')) foreign.push(request.url())
  })
  page.on('dialog', (dialog) => {
    foreign.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
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
  for (let i = 0; i < vectors.length; i += 100) {
    const { body } = await rest.call<ListPage>('GET', `/messages?limit=100&subject=vector`)
    for (const { id, subject } of body.data) ids.set(subject, id)
  }
  expect(ids.size).toBe(vectors.length)

  for (const [i, html] of vectors.entries()) {
    const id = ids.get(`vector ${String(i)}`) ?? ''
    await page.goto(`${product.url}/mail/${encodeURIComponent(ADMIN.email)}/inbox?m=${id}`)
    await expect(page.frameLocator('iframe').locator('body'), html).toBeVisible()
    await page.goto(`${product.url}/m/${id}/body?images=1`, { waitUntil: 'networkidle' })
    expect([...hits, ...foreign], html).toEqual([])
  }
  trap.closeAllConnections()
  await new Promise((resolve) => trap.close(resolve))
})
