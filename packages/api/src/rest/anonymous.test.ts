import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, ORIGIN, type TestApi } from '../testing/api.ts'

const SCRIPT = `window.reference = "${'x'.repeat(500_000)}"`
const login = { email: 'a@example.org', password: 'a quiet harbour' }

withDatabases((get) => {
  let test: TestApi
  beforeAll(async () => {
    const docsScriptPath = join(tmpdir(), `mairust-docs-${process.pid}.js`)
    await writeFile(docsScriptPath, SCRIPT)
    test = makeTestApi(get(), { docsScriptPath })
  })
  afterAll(() => test.api.close())

  const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    test.api.rest(new Request(`${ORIGIN}/api/v1${path}`, { headers }), { ip: '198.51.100.7' })
  const trpc = (procedure: string, body: string): Promise<Response> =>
    test.api.trpc(
      new Request(`${ORIGIN}/api/trpc/${procedure}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: ORIGIN, host: 'localhost:8080' },
        body,
      }),
      { ip: '198.51.100.8' },
    )

  describe('1.4: the web port without a login', () => {
    it('lists at most 20 invalid fields, and cuts long names', async () => {
      const unknown = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`${'k'.repeat(20)}${at}`, 1]))
      const answer = await test.send('POST', '/auth/login', { body: { ...login, ...unknown } })
      expect(answer.status).toBe(422)
      expect(answer.error.details).toHaveLength(20)
      const long = await test.send('POST', '/auth/login', { body: { ...login, ['n'.repeat(10_000)]: 1 } })
      expect(JSON.stringify(long.json).length).toBeLessThan(1000)
      const over = await trpc('auth.login', JSON.stringify({ ...login, ...unknown }))
      expect(over.status).toBe(422)
      expect((await over.text()).length).toBeLessThan(5000)
    })

    it('accepts bodies of at most 16 KB', async () => {
      const body = { ...login, x: 'y'.repeat(16_384) }
      expect((await test.send('POST', '/auth/login', { body })).status).toBe(413)
      expect((await trpc('auth.login', JSON.stringify(body))).status).toBe(413)
      expect((await trpc('setup.complete', JSON.stringify(body))).status).toBe(413)
    })

    it('serves the script of the reference page compressed, and 304 to clients that have it', async () => {
      const answer = await ask('/docs/reference.js', { 'accept-encoding': 'br;q=1, gzip;q=0.5' })
      expect(answer.headers.get('content-encoding')).toBe('gzip')
      const bytes = Buffer.from(await answer.arrayBuffer())
      expect(bytes.length).toBeLessThan(SCRIPT.length / 10)
      expect(answer.headers.get('content-length')).toBe(String(bytes.length))
      expect(gunzipSync(bytes).toString()).toBe(SCRIPT)
      const etag = answer.headers.get('etag') ?? ''
      const again = await ask('/docs/reference.js', { 'if-none-match': `"other", ${etag}` })
      expect(again.status).toBe(304)
      expect(await again.text()).toBe('')
      for (const coding of ['identity', 'gzip;q=0', 'gzip;q=0.0, br', '']) {
        const plain = await ask('/docs/reference.js', { 'accept-encoding': coding })
        expect(plain.headers.get('content-encoding')).toBeNull()
        expect(await plain.text()).toBe(SCRIPT)
      }
    })

    it('shares the bytes of public documents among all readers', async () => {
      for (const path of ['/docs/reference.js', '/openapi.json']) {
        const readers = await Promise.all(
          [1, 2].map(async () => (await ask(path, { 'accept-encoding': 'gzip' })).body?.getReader().read()),
        )
        const [first, second] = readers.map((read) => (read?.value as Uint8Array).buffer)
        expect(first).toBe(second)
      }
    })
  })
})
