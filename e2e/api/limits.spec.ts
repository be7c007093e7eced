import { startProduct } from '../fixtures/product.ts'
import { expect, test } from '../fixtures/test.ts'

test('beyond the limit for requests without a login every page answers 429 in a plain sentence, and files go on', async ({
  database,
}) => {
  const limit = 4
  const env = { MAIRUST_WEB__RATE_LIMITS__ANONYMOUS_PER_ADDRESS_PER_MINUTE: String(limit) }
  const product = await startProduct({ admin: true, database, env })
  try {
    const get = (path: string) => fetch(`${product.url}${path}`, { redirect: 'manual' })
    const pages = [
      '/login',
      '/',
      '/setup',
      '/mail',
      '/mail/a@b.example/inbox?m=x',
      '/trace',
      '/account',
      '/nothing',
      '/api/x',
    ]
    const script = /\/_next\/static\/[^"]+\.js/.exec(await (await get('/login')).text())?.[0] ?? ''
    // A page counts as one request, however many API calls it makes.
    for (let asked = 1; asked < limit; asked += 1) expect((await get('/login')).status).toBe(200)
    for (const path of pages) {
      const answer = await get(path)
      expect([path, answer.status, await answer.text()]).toEqual([
        path,
        429,
        'Too many requests. Wait a minute, then try again.\n',
      ])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    for (const path of [script, '/icon.svg', '/api/health'])
      expect([path, (await get(path)).status]).toEqual([path, 200])
    expect(await (await get('/api/v1/auth/me')).json()).toMatchObject({ error: { code: 'RATE_LIMITED' } })
    expect(product.printed.filter((line) => line.includes('Error'))).toEqual([])
  } finally {
    await product.dispose()
  }
})
