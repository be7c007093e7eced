import { blobKey, memoryBlobStore } from '@mairust/db/blob'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createRenderer, type Renderer, type StoredObject } from './renderer.ts'
import { GRANT_MS } from './signature.ts'
import type { RenderWorkers } from './workers.ts'

const OPENED = { text: 'plain', html: '<p>x</p>', truncated: [], attachments: [], headers: [], points: new Map() }
const key = Buffer.alloc(32, 3)
const reader = { tenantId: 'tnt_1', userId: 'usr_1' }

describe('1.3: results for a message are cached', () => {
  const workers = { parse: vi.fn(), sanitize: vi.fn(), text: vi.fn(), close: () => Promise.resolve() }
  let renderer: Renderer
  let object: StoredObject
  let now: number

  beforeEach(async () => {
    for (const task of [workers.parse, workers.sanitize, workers.text]) task.mockReset()
    const message = { ...OPENED, from: [], to: [], cc: [], bcc: [], replyTo: [], references: [] }
    workers.parse.mockResolvedValue(message)
    workers.sanitize.mockResolvedValue({ html: '<p>safe</p>', blockedImages: 1 })
    workers.text.mockResolvedValue('<div>plain</div>')
    const blobs = memoryBlobStore()
    renderer = createRenderer({ blobs, workers })
    const name = blobKey(new Date())
    object = { blobKey: name, size: (await blobs.put(name, Buffer.from('x'))).size }
    now = Date.parse('2026-11-23T12:00:00Z')
  })

  const show = (userId = 'usr_1', remoteImages = false) =>
    renderer.show(object, {
      key,
      grant: { tenantId: 'tnt_1', userId, messageId: 'msg_1', expires: new Date(now + GRANT_MS) },
      remoteImages,
      textAsHtml: true,
    })

  it('shows a message again without using a worker', async () => {
    expect((await show())?.shown).toMatchObject({ html: '<p>safe</p>', fallback: null })
    expect(await show()).toEqual(await show())
    expect(workers.parse).toHaveBeenCalledOnce()
    expect(workers.sanitize).toHaveBeenCalledOnce()
  })

  it('signs again for another reader, another view, and when the URLs are about to expire', async () => {
    await show()
    await show('usr_2')
    await show('usr_1', true)
    now += GRANT_MS / 2 + 1
    await show()
    expect(workers.parse).toHaveBeenCalledOnce()
    expect(workers.sanitize).toHaveBeenCalledTimes(4)
  })

  it('shows everybody the text of HTML that took too long, without trying again', async () => {
    workers.sanitize.mockResolvedValue(null)
    for (const userId of ['usr_1', 'usr_2', 'usr_1']) {
      expect((await show(userId))?.shown).toMatchObject({ html: '<div>plain</div>', fallback: 'timed_out' })
    }
    expect(workers.sanitize).toHaveBeenCalledOnce()
    expect(workers.text).toHaveBeenCalledOnce()
  })

  it('reports a message that could not be parsed in time without trying again', async () => {
    workers.parse.mockResolvedValue(null)
    expect([await show(), await show('usr_2'), await renderer.open(object, reader)]).toEqual([null, null, null])
    await expect(renderer.part(object, 0, reader)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfter: 600 })
    expect(workers.parse).toHaveBeenCalledOnce()
  })

  it('does not cache a failed read', async () => {
    const lost = { blobKey: blobKey(new Date()), size: 1 }
    await expect(renderer.open(lost, reader)).rejects.toThrow('there is no object')
    expect(workers.parse).not.toHaveBeenCalled()
  })
})

describe('however many readers have hostile mail, a worker is left to the others', () => {
  type Parsed = ReturnType<RenderWorkers['parse']>
  const HOSTILE = 'h'

  /** A renderer whose workers never end a hostile message, until they are told to kill it. */
  function bench() {
    const hostile: ((value: null) => void)[] = []
    const message = { ...OPENED, from: [], to: [], cc: [], bcc: [], replyTo: [], references: [] }
    const parse = (raw: Buffer): Parsed =>
      raw.toString('latin1', 0, 1) === HOSTILE
        ? new Promise((resolve) => hostile.push(resolve))
        : Promise.resolve(message as unknown as Awaited<Parsed>)
    const blobs = memoryBlobStore()
    const none = () => Promise.resolve(null)
    const renderer = createRenderer({
      blobs,
      workers: { parse, sanitize: none, text: none, close: () => Promise.resolve() },
    })
    const read = async (userId: string, start: string, bytes: number) => {
      const name = blobKey(new Date())
      const { size } = await blobs.put(name, Buffer.from(start.padEnd(bytes, 'x')))
      return renderer.open({ blobKey: name, size }, { tenantId: 'tnt_1', userId })
    }
    return { hostile, read }
  }
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate)
  }

  it('when it is large', async () => {
    const { hostile, read } = bench()
    for (const user of ['h1', 'h2', 'h3']) void read(user, HOSTILE, 2_000_000)
    await settle()
    expect(hostile).toHaveLength(1)
    expect((await read('other', 'a', 10))?.text).toBe('plain')
  })

  it('when it is small, once they have seen it killed', async () => {
    const { hostile, read } = bench()
    const first = ['h1', 'h2'].map((user) => read(user, HOSTILE, 10))
    await settle()
    for (const kill of hostile.splice(0)) kill(null)
    expect(await Promise.all(first)).toEqual([null, null])
    for (const user of ['h1', 'h2']) void read(user, HOSTILE, 10)
    await settle()
    expect(hostile).toHaveLength(1)
    expect((await read('other', 'a', 10))?.text).toBe('plain')
  })
})
