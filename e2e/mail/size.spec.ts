import { gzipSync } from 'node:zlib'
import { ADMIN } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

const LIMIT = 250_000

test('the first view of the mail list loads less than 250 KB of script', async ({ adminPage, product }) => {
  const { request } = adminPage.context()
  const html = await (await request.get(`${product.url}/mail/${ADMIN.email}/inbox`)).text()
  const chunksIn = (text: string) => [...text.matchAll(/static\/chunks\/[\w.~-]+\.js/g)].map(([path]) => path)
  // Browsers that support modules, as all current ones do, skip these.
  const forOldBrowsers = new Set([...html.matchAll(/<script[^>]*nomodule[^>]*>/gi)].flatMap(([tag]) => chunksIn(tag)))
  const chunks = new Set(chunksIn(html).filter((path) => !forOldBrowsers.has(path)))
  expect(chunks.size).toBeGreaterThan(5)
  let total = 0
  for (const path of chunks) {
    const answer = await request.get(`${product.url}/_next/${path}`)
    expect(answer.ok(), path).toBe(true)
    total += gzipSync(await answer.body(), { level: 9 }).byteLength
  }
  expect(total).toBeLessThan(LIMIT)
})
