import { withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, ORIGIN, signIn, type TestApi } from '../testing/api.ts'

withDatabases((get) => {
  describe('REST', () => {
    let test: TestApi
    let key: string
    beforeAll(async () => {
      test = makeTestApi(get())
      key = await test.key(await test.user({ role: 'super_admin' }))
    })

    it('answers 201 to a creation, 200 to a read, and the id to a deletion', async () => {
      const made = await test.send('POST', '/domains', { as: key, body: { name: 'Example.COM', active: true } })
      expect(made.status).toBe(201)
      expect(made.data).toMatchObject({ name: 'example.com', status: 'active' })
      const id = made.data['id'] ?? ''
      expect((await test.send('GET', `/domains/${id}`, { as: key })).json).toEqual(made.json)
      const gone = await test.send('DELETE', `/domains/${id}`, { as: key })
      expect(gone.json).toEqual({ data: { id, deleted: true } })
      expect((await test.send('GET', `/domains/${id}`, { as: key })).status).toBe(404)
    })

    it('answers every error in the shape of the contract, with a request id and the state of the limit', async () => {
      const answer = await test.send('POST', '/domains', { as: key, body: { name: 'a b', colour: 'red' } })
      expect(answer.status).toBe(422)
      expect(answer.json).toEqual({
        error: {
          code: 'VALIDATION_ERROR',
          message: expect.any(String) as string,
          details: [
            { field: 'name', reason: 'must be a domain name such as example.com' },
            { field: 'colour', reason: 'is not a known field' },
          ],
          request_id: answer.headers.get('x-request-id'),
        },
      })
      expect(answer.headers.get('x-ratelimit-limit')).toBe('6000')
      expect(Number(answer.headers.get('x-ratelimit-remaining'))).toBeLessThan(6000)
      expect(Number(answer.headers.get('x-ratelimit-reset'))).toBeGreaterThan(1_700_000_000)
    })

    it('distinguishes the errors of a body', async () => {
      const post = (body: string, type = 'application/json') =>
        test.send('POST', '/domains', { as: key, body, headers: { 'content-type': type } })
      expect((await post('{"name":', 'application/json')).error.code).toBe('INVALID_REQUEST')
      expect((await post('[]')).status).toBe(400)
      expect((await post('null')).status).toBe(400)
      expect((await post('{}', 'text/plain')).status).toBe(415)
      expect((await post('{}', 'multipart/form-data; boundary=x')).status).toBe(415)
      expect((await post('{"name":"a.example","active":"false"}')).status).toBe(422)
      expect((await post('{"name":"a.example","active":null}')).status).toBe(422)
      expect((await post('{"name":"a.example","__proto__":{"active":true}}')).status).toBe(422)
      expect((await post(JSON.stringify({ name: 'x'.repeat(2_000_000) }))).status).toBe(413)
    })

    it('stops reading a body of unknown length at the limit', async () => {
      let pulled = 0
      const endless = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          pulled += 1
          controller.enqueue(new Uint8Array(65_536).fill(32))
        },
      })
      const request = new Request(`${ORIGIN}/api/v1/domains`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: endless,
        duplex: 'half',
      })
      const response = await test.api.rest(request)
      expect(response.status).toBe(413)
      expect(pulled).toBeLessThan(25)
    })

    it('accepts an action without a body and content type', async () => {
      const { data } = await test.send('POST', '/domains', { as: key, body: { name: 'action.example' } })
      const answer = await test.send('POST', `/domains/${data['id'] ?? ''}/verification`, { as: key })
      expect(answer.status).toBe(200)
      expect(answer.data).toMatchObject({ verified: false, status: 'pending' })
    })

    it('decodes path parameters and query values', async () => {
      expect((await test.send('GET', '/domains/dom%5F0', { as: key })).status).toBe(404)
      expect((await test.send('GET', '/domains/%E0%A4%A', { as: key })).status).toBe(404)
      await test.send('POST', '/domains', { as: key, body: { name: 'plus.example' } })
      const found = await test.send('GET', '/domains?q=plus%2Eexample', { as: key })
      expect(found.items).toHaveLength(1)
      expect((await test.send('GET', '/domains?q=%2B', { as: key })).items).toHaveLength(0)
    })

    it('refuses invalid limits and cursors', async () => {
      for (const query of ['limit=0', 'limit=101', 'limit=ten', 'limit=1&limit=2', 'cursor=e30', 'what=1']) {
        expect((await test.send('GET', `/domains?${query}`, { as: key })).status, query).toBe(422)
      }
    })

    it('pages through a list', async () => {
      const names = new Set<string>()
      const owner = await test.key(await test.user({ role: 'super_admin' }))
      for (const n of [1, 2, 3, 4, 5]) {
        await test.send('POST', '/domains', { as: owner, body: { name: `page${n}-${owner.slice(8, 16)}.example` } })
      }
      let cursor = ''
      for (let pages = 0; pages < 3; pages += 1) {
        const { items, pagination } = await test.send('GET', `/domains?limit=2${cursor}`, { as: owner })
        for (const { name = '' } of items) names.add(name)
        expect(pagination.has_more).toBe(pages < 2)
        cursor = `&cursor=${pagination.cursor ?? ''}`
      }
      expect(names.size).toBe(5)
    })

    it('answers 404 to unknown paths, and 401 to known ones without a login', async () => {
      expect((await test.send('GET', '/nothing', { as: key })).error.code).toBe('NOT_FOUND')
      expect((await test.send('PUT', '/domains', { as: key })).status).toBe(404)
      expect((await test.send('GET', '/domains')).status).toBe(401)
    })

    it('serves the OpenAPI document, the reference page and health to everybody', async () => {
      const document = await test.send('GET', '/openapi.json')
      expect(document.json).toMatchObject({ openapi: '3.1.0' })
      const page = await test.send('GET', '/docs')
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect((await test.send('GET', '/docs/reference.js')).status).toBe(404)
      expect((await test.send('GET', '/health')).data).toMatchObject({ status: 'ok' })
    })

    it('refuses a change by cookie from another site', async () => {
      const cookie = await signIn(test, await test.user({ role: 'super_admin' }))
      const change = (headers: Record<string, string>) =>
        test.send('POST', '/domains', { headers: { cookie, ...headers }, body: { name: 'csrf.example' } })
      expect((await change({ origin: 'https://evil.example' })).status).toBe(403)
      expect((await change({ origin: 'null' })).status).toBe(403)
      expect((await change({})).status).toBe(403)
      expect((await change({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
      expect((await change({ 'sec-fetch-site': 'same-site' })).status).toBe(403)
      expect((await change({ 'sec-fetch-site': 'same-origin' })).status).toBe(201)
      expect((await test.send('GET', '/domains', { headers: { cookie } })).status).toBe(200)
    })
  })
})
