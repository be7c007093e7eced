import { afterEach, describe, expect, it } from 'vitest'
import { createRenderer, type Renderer } from './renderer.ts'
import { showBody } from './show.ts'
import { grantKey } from './signature.ts'

const key = Buffer.alloc(32, 3)
const grant = { tenantId: 'tnt_1', userId: 'usr_1', messageId: 'msg_1', expires: new Date('2026-11-23T13:00:00Z') }

let renderer: Renderer
afterEach(async () => {
  await renderer.close()
})

const htmlMail = (html: string): Buffer =>
  Buffer.from(`Subject: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}`)
const sanitize = (html: string) =>
  renderer.sanitize({ html, grant, signingKey: grantKey(key, grant), parts: [], remoteImages: false })

describe('the renderer', () => {
  it('opens a message in a worker', async () => {
    renderer = createRenderer()
    const opened = await renderer.open(htmlMail('<p>Hello</p>'))
    expect(opened).toMatchObject({ subject: 'x', html: expect.stringContaining('Hello') as string, parseError: null })
    expect(opened?.headers).toEqual([
      { name: 'Subject', value: 'x' },
      { name: 'Content-Type', value: 'text/html; charset=utf-8' },
    ])
  })

  it('kills a worker that takes too long, and goes on with a fresh one', async () => {
    renderer = createRenderer({ sanitizeMs: 300 })
    // Known to take sanitisers minutes: elements that are opened and never closed.
    expect(await sanitize('<a>'.repeat(200_000))).toBeNull()
    renderer = createRenderer()
    expect(await sanitize('<p>x</p>')).toEqual({ html: '<p>x</p>', blockedImages: 0 })
  })

  it.each([
    ['elements that are never closed', '<a>'.repeat(300_000)],
    ['a million opening brackets', '<'.repeat(1024 * 1024)],
    ['deep nesting', '<div>'.repeat(200_000)],
    ['an endless attribute', `<p title="${'x'.repeat(1024 * 1024)}`],
    ['endless styles', `<p style="${'color:red;'.repeat(100_000)}">x</p>`],
  ])('is done with %s in bounded time, and answers others meanwhile', async (_name, html) => {
    renderer = createRenderer({ sanitizeMs: 500 })
    const opened = await renderer.open(htmlMail(html))
    const [shown, other] = await Promise.all([
      opened && showBody(renderer, opened, { key, grant, remoteImages: false }),
      renderer.open(htmlMail('<p>Other</p>')),
    ])
    expect(other?.html).toContain('Other')
    expect(['too_large', 'timed_out', null]).toContain(shown?.fallback)
  })

  it('shows the text of HTML over a million characters', async () => {
    renderer = createRenderer()
    const opened = await renderer.open(htmlMail(`<p>Start</p>${'<b>x</b>'.repeat(200_000)}`))
    const shown = opened && (await showBody(renderer, opened, { key, grant, remoteImages: false }))
    expect(shown).toMatchObject({ fallback: 'too_large', html: expect.stringContaining('Start') as string })
    expect(shown?.html).not.toContain('<b>')
  })

  it.each([
    ['dots after an address', `http://a${'.'.repeat(1_000_000)}x`],
    ['addresses that are none', 'http://'.repeat(150_000)],
    ['brackets', '<'.repeat(1_000_000)],
  ])('shows a text of a million %s within the limit', async (_name, text) => {
    renderer = createRenderer()
    const opened = await renderer.open(Buffer.from(`Subject: x\r\n\r\n${text}`))
    const shown = opened && (await showBody(renderer, opened, { key, grant, remoteImages: false }))
    expect(shown).toMatchObject({ fallback: null, html: expect.stringContaining('white-space:pre-wrap') as string })
  })

  it('says that there is no such attachment', async () => {
    renderer = createRenderer()
    expect(await renderer.attachment(htmlMail('x'), 3)).toBeNull()
  })
})
