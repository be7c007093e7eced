import { tenantScope } from '@mairust/db/queries/scope'
import { type BlobRange, type BlobStore, memoryBlobStore } from '@mairust/db/blob'
import type { MailboxRow } from '@mairust/db/queries/mailbox'
import type { UserRow } from '@mairust/db/queries/user'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTestApi, signIn, type TestApi } from '../testing/api.ts'
import { deliver } from '../testing/mail.ts'

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(30_000, 'p')])

/** A mail with ten images in its body. */
const PICTURES = [
  'Subject: Pictures\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n',
  Array.from({ length: 10 }, (_, at) => `<img src="cid:p${at}" alt="p${at}">`).join(''),
  ...Array.from(
    { length: 10 },
    (_, at) =>
      `--x\nContent-Type: image/png\nContent-ID: <p${at}>\nContent-Transfer-Encoding: base64\n\n${PNG.toString('base64')}`,
  ),
  '--x--\n',
].join('\n')

/** A store that counts its reads, and can hold them back. */
function countingStore(): {
  blobs: BlobStore
  reads: string[]
  bytes: () => number
  hold: () => () => void
  held: () => number
} {
  const store = memoryBlobStore()
  const reads: string[] = []
  let bytes = 0
  let gate: Promise<void> | null = null
  let held = 0
  return {
    blobs: {
      ...store,
      read: async (key) => {
        held += 1
        await gate
        held -= 1
        const content = await store.read(key)
        reads.push('whole')
        bytes += content.length
        return content
      },
      get: async (key: string, range?: BlobRange) => {
        const content = await store.get(key, range)
        reads.push(range === undefined ? 'whole' : 'range')
        content.on('data', (piece: Buffer) => (bytes += piece.length)).pause()
        return content
      },
    },
    reads,
    bytes: () => bytes,
    hold: () => {
      let release: () => void = () => undefined
      gate = new Promise((resolve) => (release = resolve))
      return () => {
        gate = null
        release()
      }
    },
    held: () => held,
  }
}

withDatabases((get) => {
  let test: TestApi
  const store = countingStore()
  let user: UserRow
  let mailbox: MailboxRow
  let cookie: string
  let other: { mailbox: MailboxRow; cookie: string }

  beforeAll(async () => {
    test = makeTestApi(get(), { blobs: store.blobs })
    user = await test.user()
    mailbox = await makeMailbox(get().db, tenantScope(user.tenantId), { userId: user.id })
    cookie = await signIn(test, user)
    const second = await test.user({}, user.tenantId)
    other = {
      mailbox: await makeMailbox(get().db, tenantScope(user.tenantId), { userId: second.id }),
      cookie: await signIn(test, second),
    }
  })
  afterAll(() => test.api.close())

  const ask = (path: string, as = cookie): Promise<Response> =>
    test.api.render(new Request(`http://localhost:8080${path}`, { headers: { host: 'localhost:8080', cookie: as } }))

  describe('1.3: reading is bounded', () => {
    it('reads a mail with ten images once, and each image as a range of it', async () => {
      const id = await deliver(get(), test.runtime, mailbox, PICTURES)
      const before = store.bytes()
      store.reads.length = 0
      const html = await (await ask(`/m/${id}/body`)).text()
      const pictures = [...html.matchAll(/src="([^"]*)"/g)].map(([, path]) => path?.replaceAll('&amp;', '&') ?? '')
      expect(pictures).toHaveLength(10)
      for (const path of pictures) {
        const answer = await ask(path, '')
        expect(answer.headers.get('content-length')).toBe(String(PNG.length))
        expect(Buffer.from(await answer.arrayBuffer()).equals(PNG)).toBe(true)
      }
      expect((await test.send('GET', `/messages/${id}`, { as: cookie })).status).toBe(200)
      expect(store.reads).toEqual(['whole', ...pictures.map(() => 'range')])
      // The whole message once, and the encoded images once more.
      expect(store.bytes() - before).toBeLessThan(2.1 * PICTURES.length)
    })

    it('serves an attachment without reading more than its own part', async () => {
      const id = await deliver(get(), test.runtime, mailbox, PICTURES)
      await ask(`/m/${id}/body`)
      const before = store.bytes()
      const answer = await test.send('GET', `/messages/${id}/attachments/3`, { as: cookie })
      expect(answer.headers.get('content-length')).toBe(String(PNG.length))
      expect(store.bytes() - before).toBeLessThan(1.5 * PNG.length)
    })

    it('reads no object before a worker is free for it, however many are requested', async () => {
      const ids = await Promise.all(
        Array.from({ length: 30 }, (_, at) => deliver(get(), test.runtime, mailbox, `Subject: ${at}\n\nx\n`)),
      )
      const release = store.hold()
      const answers = ids.map((id) => ask(`/m/${id}/body`))
      await expect.poll(store.held).toBe(1)
      release()
      expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([200]))
    })

    it('serves one user while everything that another requested still waits', async () => {
      const hostile = await Promise.all(
        Array.from({ length: 16 }, () => deliver(get(), test.runtime, mailbox, 'Subject: slow\n\nx\n')),
      )
      const id = await deliver(get(), test.runtime, other.mailbox, 'Subject: mine\n\nhello\n')
      const release = store.hold()
      const slow = hostile.map((message) => ask(`/m/${message}/body`))
      await expect.poll(store.held).toBe(1)
      const mine = ask(`/m/${id}/body`, other.cookie)
      await expect.poll(store.held).toBe(2)
      release()
      expect(await (await mine).text()).toContain('hello')
      await Promise.all(slow)
    })

    it('answers lists and searches of a user whose messages all wait for a worker or the storage', async () => {
      const ids = await Promise.all(
        Array.from({ length: 6 }, () => deliver(get(), test.runtime, mailbox, 'Subject: slow\n\nx\n')),
      )
      const release = store.hold()
      const slow = ids.map((message) => test.send('GET', `/messages/${message}`, { as: cookie }))
      await expect.poll(store.held).toBe(1)
      for (const list of ['/messages', '/messages?q=subject:slow', '/mailboxes']) {
        expect((await test.send('GET', list, { as: cookie })).status).toBe(200)
      }
      expect(store.held()).toBe(1)
      release()
      expect(new Set((await Promise.all(slow)).map(({ status }) => status))).toEqual(new Set([200]))
    })

    it('sends Retry-After to a user who requests too much at once', async () => {
      const ids = await Promise.all(
        Array.from({ length: 70 }, () => deliver(get(), test.runtime, mailbox, 'Subject: many\n\nx\n')),
      )
      const release = store.hold()
      const answers = ids.map((id) => test.send('GET', `/messages/${id}`, { as: cookie }))
      const frames = ids.map((id) => ask(`/m/${id}/body`))
      const refused = await Promise.any(
        answers.map(async (answer) => {
          const { status } = await answer
          if (status !== 503) throw new Error('served')
          return answer
        }),
      )
      expect(refused.error.code).toBe('UNAVAILABLE')
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
      const frame = await Promise.any(
        frames.map(async (answer) => {
          const { status } = await answer
          if (status !== 503) throw new Error('served')
          return answer
        }),
      )
      expect(frame.headers.get('retry-after')).toMatch(/^\d+$/)
      release()
      await Promise.all([...answers, ...frames])
    })
  })
})
