import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { answerFile, type RestFile } from './ranges.ts'

const BYTES = Buffer.from('0123456789')

const file = (bytes = BYTES): RestFile => ({
  name: 'a.txt',
  type: 'text/plain',
  size: bytes.length,
  etag: 'tag',
  open: (range) => Promise.resolve(Readable.from([bytes.subarray(range?.start ?? 0, (range?.end ?? Infinity) + 1)])),
})

const ask = async (headers: Record<string, string>, of = file()) => {
  const answer = await answerFile(new Request('http://localhost/', { headers }), of)
  return {
    status: answer.status,
    text: await answer.text(),
    range: answer.headers.get('content-range'),
    length: answer.headers.get('content-length'),
  }
}

describe('Range', () => {
  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
    ['bytes=9-99', '9', 'bytes 9-9/10'],
    ['BYTES=0-0', '0', 'bytes 0-0/10'],
  ])('%s is answered with 206', async (range, text, said) => {
    expect(await ask({ range })).toEqual({ status: 206, text, range: said, length: String(text.length) })
  })

  it.each(['bytes=3-1', 'bytes=0-1,4-5', 'lines=0-3', 'bytes=a-b', 'bytes=-', ''])('%j is ignored', async (range) => {
    expect(await ask({ range })).toEqual({ status: 200, text: '0123456789', range: null, length: '10' })
  })

  it.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('%s is 416 with the size', async (range) => {
    await expect(ask({ range })).rejects.toMatchObject({ status: 416, headers: { 'Content-Range': 'bytes */10' } })
  })

  it('of an empty file is 416; without Range its answer is empty', async () => {
    await expect(ask({ range: 'bytes=0-' }, file(Buffer.alloc(0)))).rejects.toMatchObject({ status: 416 })
    expect(await ask({}, file(Buffer.alloc(0)))).toMatchObject({ status: 200, text: '' })
  })

  it('with If-Range applies only to the same bytes', async () => {
    const range = 'bytes=0-3'
    expect((await ask({ range, 'if-range': '"tag"' })).status).toBe(206)
    for (const other of ['"old"', 'W/"tag"', 'Sat, 29 Oct 1994 19:43:31 GMT']) {
      expect((await ask({ range, 'if-range': other })).status).toBe(200)
    }
  })
})

describe('If-None-Match', () => {
  it('is answered with 304 and without opening the file', async () => {
    const closed: RestFile = { ...file(), open: () => Promise.reject(new Error('opened')) }
    for (const known of ['"tag"', 'W/"tag"', '"a", "tag"', '*']) {
      expect(await ask({ 'if-none-match': known, range: 'bytes=0-1' }, closed)).toMatchObject({ status: 304, text: '' })
    }
    expect((await ask({ 'if-none-match': '"other"' })).status).toBe(200)
  })
})

describe('HEAD', () => {
  const unread: RestFile = {
    ...file(),
    open: () => Promise.reject(new Error('opened')),
    shownAs: () => Promise.reject(new Error('opened')),
  }
  const head = (headers: Record<string, string> = {}) =>
    answerFile(new Request('http://localhost/', { method: 'HEAD', headers }), unread)

  it('has the header of GET, but for what only the content shows, and opens nothing', async () => {
    const whole = await head()
    expect([whole.status, whole.headers.get('content-length'), whole.headers.get('etag')]).toEqual([200, '10', '"tag"'])
    expect(whole.headers.get('content-type')).toBeNull()
    const part = await head({ range: 'bytes=4-', 'if-range': '"tag"' })
    expect([part.status, part.headers.get('content-range'), part.body]).toEqual([206, 'bytes 4-9/10', null])
    expect((await head({ 'if-none-match': '"tag"' })).status).toBe(304)
  })
})

describe('a file whose client has left is closed', () => {
  const opened = () => {
    const content = Readable.from(BYTES)
    return { content, of: { ...file(), open: () => Promise.resolve(content) } }
  }

  it.each(['before it is opened', 'before it is read', 'while it is read'])('%s', async (when) => {
    const left = new AbortController()
    const { content, of } = opened()
    if (when.includes('opened')) left.abort()
    const answer = await answerFile(new Request('http://localhost/', { signal: left.signal }), of)
    if (when.includes('while')) await answer.body?.getReader().read()
    left.abort()
    await expect.poll(() => content.closed).toBe(true)
  })
})
