import { withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { makeTestApi, type TestApi } from '../testing/api.ts'
import { makeWorld, type World } from '../testing/world.ts'

const MIB = 1_048_576
const file = (bytes: number) => ({
  filename: 'a.bin',
  content_type: 'application/octet-stream',
  content: Buffer.alloc(bytes, 'x').toString('base64'),
})

withDatabases((get) => {
  let test: TestApi
  let world: World
  beforeAll(() => {
    test = makeTestApi(get())
  })
  beforeEach(async () => {
    world = await makeWorld(test)
  })
  afterAll(() => test.api.close())

  const post = (body: unknown, as = world.adminKey) => test.send('POST', '/drafts', { as, body })

  it('a draft takes files up to the size of a message, where other requests take 1 MB', async () => {
    const made = await post({ attachments: [file(3 * MIB)] })
    expect([made.status, made.data['has_attachments']]).toEqual([201, true])
    const path = `/drafts/${made.data['id'] ?? ''}`
    const kept = { attachments: [{ index: 0 }, file(2 * MIB)] }
    const changed = await test.send('PATCH', path, { as: world.adminKey, body: kept })
    expect([changed.status, changed.data['attachments']?.length]).toEqual([200, 2])
    const content = await test.send('GET', `/messages/${made.data['id'] ?? ''}/attachments/0`, { as: world.adminKey })
    expect(content.headers.get('content-length')).toBe(String(3 * MIB))
    const other = await test.send('POST', '/tags', { as: world.adminKey, body: { name: 'x'.repeat(2 * MIB) } })
    expect(other.error.code).toBe('PAYLOAD_TOO_LARGE')
  })

  it('what is larger is 413, as a body and as a message, also after the setting was changed', async () => {
    const { config } = test.runtime
    test.api.reload({ ...config, smtp: { ...config.smtp, max_message_size_mb: 2 } })
    for (const bytes of [8 * MIB, 1.9 * MIB]) {
      const refused = await post({ attachments: [file(bytes)] })
      expect([refused.status, refused.error.code]).toEqual([413, 'PAYLOAD_TOO_LARGE'])
    }
    test.api.reload(config)
    expect((await post({ attachments: [file(1.9 * MIB)] })).status).toBe(201)
  })

  it('a key that may write but not read gets ids alone', async () => {
    const writing = await test.key(world.admin, ['write'])
    const made = await post({ subject: 's' }, writing)
    expect([made.status, made.json]).toEqual([201, { data: { id: made.data['id'] } }])
    const path = `/drafts/${made.data['id'] ?? ''}`
    const changed = await test.send('PATCH', path, { as: writing, body: { subject: 't' } })
    expect([changed.status, changed.json]).toEqual([200, { data: { id: made.data['id'] } }])
    expect((await test.send('GET', path, { as: writing })).status).toBe(403)
    expect((await test.send('GET', path, { as: world.adminKey })).data['subject']).toBe('t')
    expect((await test.send('DELETE', path, { as: writing })).status).toBe(200)
  })

  it('who may not write is refused before anything of the body is read, however large it claims to be', async () => {
    const reading = await test.key(world.admin, ['read'])
    for (const [method, path] of [
      ['POST', '/drafts'],
      ['PATCH', `/drafts/${world.ids.draft}`],
      ['POST', '/tags'],
    ]) {
      const body = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) }, { highWaterMark: 0 })
      const request = new Request(`http://localhost:8080/api/v1${path ?? ''}`, {
        method: method ?? '',
        headers: {
          authorization: `Bearer ${reading}`,
          'content-type': 'application/json',
          'content-length': '69000000',
        },
        body,
        duplex: 'half',
      })
      const answer = await test.api.rest(request, { ip: '192.0.2.1' })
      expect([answer.status, request.bodyUsed, body.locked]).toEqual([403, false, false])
    }
  })

  it('a body that is nested too deep is no error of the server, with an Idempotency-Key either', async () => {
    const refused = await test.send('POST', '/drafts', {
      as: world.adminKey,
      body: `{"to":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      headers: { 'idempotency-key': 'deep' },
    })
    expect([refused.status, refused.error.code]).toEqual([400, 'INVALID_REQUEST'])
  })

  it('a key for reading changes nothing, and wrong fields are named', async () => {
    const reading = await test.key(world.admin, ['read'])
    expect((await post({}, reading)).status).toBe(403)
    const refused = await post({ to: ['a@example.com', 'Hana, Sato <b@example.com>'], subjekt: 'x' })
    expect([refused.status, refused.error.details.map(({ field }) => field)]).toEqual([422, ['to.1', 'subjekt']])
  })
})
