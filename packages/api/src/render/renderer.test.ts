import { blobKey, memoryBlobStore } from '@mairust/db/blob'
import { afterAll, describe, expect, it } from 'vitest'
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

  it('finds no attachment that does not exist', async () => {
    expect(await calm.renderer.part(await calm.put(htmlMail('x')), 3, reader)).toBeNull()
  })
})
