import { blobKey, memoryBlobStore } from '@mairust/db/blob'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { createRenderer, type StoredObject } from './renderer.ts'
import type { View } from './show.ts'
import { createRenderWorkers } from './workers.ts'

const key = Buffer.alloc(32, 3)
const reader = { tenantId: 'tnt_1', userId: 'usr_1' }
const grant = { ...reader, messageId: 'msg_1', expires: new Date('2026-11-23T13:00:00Z') }

const htmlMail = (html: string): string => `Subject: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}`

/** A renderer with its own store, and a function that puts a message there. */
function bench(limits: { sanitizeMs?: number } = {}) {
  const blobs = memoryBlobStore()
  const renderer = createRenderer({ blobs, workers: createRenderWorkers(limits) })
  const put = async (raw: string): Promise<StoredObject> => {
    const key = blobKey(new Date())
    return { blobKey: key, size: (await blobs.put(key, Buffer.from(raw))).size }
  }
  const show = async (raw: string): Promise<View | null> =>
    renderer.show(await put(raw), { key, grant, remoteImages: false, textAsHtml: true })
  return { renderer, put, show }
}

const calm = bench()
const hasty = bench({ sanitizeMs: 500 })
const impatient = bench({ sanitizeMs: 20 })
afterAll(() => Promise.all([calm, hasty, impatient].map(({ renderer }) => renderer.close())))

/** An attribute of a TNEF stream (MS-OXTNEF §2.1.3.1). */
function attribute(level: number, id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUInt8(level)
  head.writeUInt32LE(id, 1)
  head.writeUInt32LE(data.length, 5)
  return Buffer.concat([head, data, Buffer.alloc(2)])
}

describe('the renderer', () => {
  it('opens a message in a worker', async () => {
    const opened = await calm.renderer.open(await calm.put(htmlMail('<p>Hello</p>')), reader)
    expect(opened).toMatchObject({ subject: 'x', html: expect.stringContaining('Hello') as string, parseError: null })
    expect(opened?.headers).toEqual([
      { name: 'Subject', value: 'x' },
      { name: 'Content-Type', value: 'text/html; charset=utf-8' },
    ])
  })

  it('kills a worker that takes too long, and continues with a new one', async () => {
    // Elements that are opened and never closed are known to take sanitisers minutes.
    expect((await impatient.show(htmlMail('<a>'.repeat(200_000))))?.shown.fallback).toBe('timed_out')
    const next = await impatient.put(htmlMail('<p>x</p>'))
    expect((await impatient.renderer.open(next, reader))?.html).toContain('<p>x</p>')
  })

  it.each([
    ['elements that are never closed', '<a>'.repeat(300_000)],
    ['a million opening brackets', '<'.repeat(1024 * 1024)],
    ['deep nesting', '<div>'.repeat(200_000)],
    ['an endless attribute', `<p title="${'x'.repeat(1024 * 1024)}`],
    ['endless styles', `<p style="${'color:red;'.repeat(100_000)}">x</p>`],
  ])('handles %s in bounded time, and serves others meanwhile', async (_name, html) => {
    const other = await hasty.put(htmlMail('<p>Other</p>'))
    const [view, opened] = await Promise.all([
      hasty.show(htmlMail(html)),
      hasty.renderer.open(other, { ...reader, userId: 'usr_2' }),
    ])
    expect(opened?.html).toContain('Other')
    expect(['too_large', 'timed_out', null]).toContain(view?.shown.fallback)
  })

  it('shows the text of HTML over a million characters', async () => {
    const view = await calm.show(htmlMail(`<p>Start</p>${'<b>x</b>'.repeat(200_000)}`))
    expect(view?.shown).toMatchObject({ fallback: 'too_large', html: expect.stringContaining('Start') as string })
    expect(view?.shown.html).not.toContain('<b>')
  })

  it.each([
    ['dots after a URL', `http://a${'.'.repeat(1_000_000)}x`],
    ['incomplete URLs', 'http://'.repeat(150_000)],
    ['brackets', '<'.repeat(1_000_000)],
  ])('shows a text of a million %s within the limit', async (_name, text) => {
    const view = await calm.show(`Subject: x\r\n\r\n${text}`)
    expect(view?.shown).toMatchObject({
      fallback: null,
      html: expect.stringContaining('white-space:pre-wrap') as string,
    })
  })

  it('gives a file inside winmail.dat, and ranges of it', async () => {
    const file = Buffer.from('0123456789'.repeat(5000))
    const stream = Buffer.concat([
      Buffer.from('789f3e220100', 'hex'),
      attribute(2, 0x0006_9002, Buffer.alloc(14)),
      attribute(2, 0x0001_8010, Buffer.from('digits.txt\0')),
      attribute(2, 0x0006_800f, file),
      attribute(1, 0x0002_800c, Buffer.from('text after the file\0')),
    ])
    const head = 'Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    const mail = await calm.put(`${head}${stream.toString('base64').replaceAll(/.{76}/g, '$&\r\n')}`)
    const part = await calm.renderer.part(mail, 0, reader)
    expect(part).toMatchObject({ filename: 'digits.txt', size: file.length })
    const read = async (range?: { start: number; end?: number }) =>
      Buffer.concat((await (await part?.content(range))?.toArray()) ?? []).toString()
    expect(await read()).toBe(file.toString())
    expect(await read({ start: 12, end: 15 })).toBe('2345')
    expect(await read({ start: file.length - 3 })).toBe('789')
    expect(await read({ start: file.length - 3, end: file.length + 100 })).toBe('789')
  })

  it('parses a winmail.dat once for all pictures in it, and reads little more than each of them', async () => {
    const file = (n: number) => Buffer.from(`picture ${n}`)
    const stream = Buffer.concat([
      Buffer.from('789f3e220100', 'hex'),
      attribute(1, 0x0006_1234, Buffer.alloc(600_000)),
      ...Array.from({ length: 200 }, (_, n) => [
        attribute(2, 0x0006_9002, Buffer.alloc(14)),
        attribute(2, 0x0006_800f, file(n)),
      ]).flat(),
    ])
    const head =
      'Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 winmail.dat\r\n'
    // A byte a line: its count, and nothing else for 0.
    const digit = (six: number) => String.fromCharCode(0x20 + six)
    const lines = Array.from(stream, (byte) => `!${byte === 0 ? '' : digit(byte >> 2) + digit((byte & 3) << 4)}\r\n`)
    const stored = memoryBlobStore()
    const name = blobKey(new Date())
    const object = {
      blobKey: name,
      size: (await stored.put(name, Buffer.from(head + lines.join('') + 'end\r\n'))).size,
    }
    let decoded = 0
    const get: typeof stored.get = (key, range) => {
      decoded += (range?.end ?? object.size) - (range?.start ?? 0)
      return stored.get(key, range)
    }
    const workers = createRenderWorkers()
    const parse = vi.spyOn(workers, 'parse')
    const renderer = createRenderer({ blobs: { ...stored, get }, workers })
    await renderer.open(object, reader)
    const contents = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const part = await renderer.part(object, n, reader)
        return Buffer.concat((await (await part?.content())?.toArray()) as Buffer[]).toString()
      }),
    )
    await renderer.close()
    expect(contents).toEqual(Array.from({ length: 200 }, (_, n) => file(n).toString()))
    expect(parse).toHaveBeenCalledOnce()
    expect(decoded / 200).toBeLessThan(object.size / 6)
  })

  it('finds no attachment that does not exist', async () => {
    expect(await calm.renderer.part(await calm.put(htmlMail('x')), 3, reader)).toBeNull()
  })
})
