import { createId } from '@mairust/db'
import { withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, type TestApi } from '../testing/api.ts'
import { encodeCursor } from '../wire/index.ts'

withDatabases((get) => {
  let test: TestApi
  let key: string
  beforeAll(async () => {
    test = makeTestApi(get())
    key = await test.key(await test.user({ role: 'super_admin' }))
  })

  describe('text that a database cannot store is refused as invalid', () => {
    it.each([
      '/messages?tag=%00',
      '/messages?folder=%00',
      '/messages?mailbox=%00',
      '/messages?from=%00',
      '/messages?q=in:a%00b',
      '/messages?q=tag:%00',
      '/journeys?address=%00',
      '/journeys?message_id=%00',
      '/admin/audit?action=%00',
      `/tags?cursor=${encodeCursor(['\0'])}`,
      `/tags?cursor=${encodeCursor(['\ud800'])}`,
    ])('GET %s', async (path) => {
      const answer = await test.send('GET', path, { as: key })
      expect(answer.status).toBe(422)
      expect(answer.error.code).toBe('VALIDATION_ERROR')
    })

    it.each<[string, string, Record<string, unknown>]>([
      ['POST', '/auth/login', { email: 'a\0@example.com', password: 'a quiet harbour at dawn' }],
      ['POST', '/messages/batch', { ids: ['\0'], action: 'trash' }],
      ['POST', '/messages/batch', { ids: ['x'], action: 'add_tag', tag: 'a\ud800' }],
      ['POST', '/admin/api-keys', { name: 'a\ud800', scopes: ['read'] }],
      ['POST', '/admin/api-keys', { name: 'a', scopes: [{ scope: 'read', domains: ['\0'] }] }],
      ['POST', '/admin/api-keys', { name: 'a', scopes: [{ scope: 'read', mailboxes: ['\udc00'] }] }],
      ['POST', '/tags', { name: 'a\udfff' }],
      ['POST', '/users', { email: 'a\0@example.com', password: 'a quiet harbour at dawn' }],
      ['POST', '/users', { email: '\ud800@example.com', password: 'a quiet harbour at dawn' }],
      ['POST', '/mailboxes', { address: 'a\0@example.com' }],
      ['POST', '/mailboxes', { address: '\udc00@example.com' }],
      ['POST', '/aliases', { address: 'a\0@example.com', targets: ['b@example.com'] }],
      ['POST', '/domains', { name: 'a\0.example' }],
      ['PATCH', '/admin/settings', { organization_name: '\ud83d' }],
    ])('%s %s %j', async (method, path, body) => {
      const answer = await test.send(method, path, { as: path === '/auth/login' ? undefined : key, body })
      expect(answer.status).toBe(422)
      expect(answer.error.code).toBe('VALIDATION_ERROR')
    })

    it('but accepts whole characters beyond the basic plane', async () => {
      expect((await test.send('POST', '/tags', { as: key, body: { name: '🐚' } })).status).toBe(201)
    })
  })

  describe('a time outside the years 0001 to 9999', () => {
    const FAR = ['0000-01-01', '0000-12-31T23:59:59Z', '9999-12-31T23:59:59-23:59', '0001-01-01T00:00:00+01:00']

    it.each(FAR)('is refused in every query: %s', async (at) => {
      const paths = ['/messages?after=', '/messages?before=', '/journeys?after=', '/admin/audit?before=']
      for (const path of paths) {
        expect((await test.send('GET', `${path}${encodeURIComponent(at)}`, { as: key })).status, path).toBe(422)
      }
    })

    it.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'])('does not include %s', async (at) => {
      for (const path of ['/messages?after=', '/messages?before=', '/journeys?after=', '/admin/audit?before=']) {
        expect((await test.send('GET', `${path}${at}`, { as: key })).status, path).toBe(200)
      }
    })

    it('is refused as the expiry of a key', async () => {
      const body = { name: 'far', scopes: ['read'], expires_at: '9999-12-31T23:59:59-23:59' }
      expect((await test.send('POST', '/admin/api-keys', { as: key, body })).status).toBe(422)
    })

    it.each([9e15, -8e15, Number.MAX_SAFE_INTEGER])('is refused in a forged cursor: %d', async (at) => {
      const lists = [
        ['/messages', 'msg'],
        ['/journeys', 'jrn'],
        ['/admin/audit', 'aud'],
      ] as const
      for (const [path, prefix] of lists) {
        const cursor = encodeCursor([at, createId(prefix)])
        expect((await test.send('GET', `${path}?cursor=${cursor}`, { as: key })).status, path).toBe(422)
      }
    })
  })
})
