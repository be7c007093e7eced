import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startFront, statusOf } from '../testing/front.ts'

const SCRIPT = 'let a = 1\n'.repeat(500)
let filesFolder: string
beforeAll(async () => {
  filesFolder = await mkdtemp(join(tmpdir(), 'files-'))
  await mkdir(join(filesFolder, 'chunks'))
  await writeFile(join(filesFolder, 'chunks', 'a~b.js'), SCRIPT)
  await writeFile(join(filesFolder, 'font.woff2'), 'not a font')
})
afterAll(() => rm(filesFolder, { recursive: true }))

/** What becomes of a request for a static file, with `fields` for its header. */
async function ask(path: string, { method = 'GET', fields = '' } = {}) {
  const front = await startFront({}, { filesFolder })
  const answer = await front.send(`${method} /_next/static/${path} HTTP/1.1\nHost: localhost${fields}`)
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const field = (name: string) => new RegExp(`^${name}: (.*)\r$`, 'im').exec(`${head}\r\n`)?.[1] ?? null
  return { status: statusOf(answer), field, body: rest.join('\r\n\r\n'), passed: front.passed }
}

it.each(['chunks/a~b.js', 'chunks/a%7Eb.js?v=1'])('a file is sent without the framework: %s', async (path) => {
  const { status, field, body, passed } = await ask(path)
  expect([status, body, passed]).toEqual([200, SCRIPT, []])
  expect(field('content-type')).toBe('application/javascript; charset=UTF-8')
  expect(field('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(field('vary')).toBe('Accept-Encoding')
  expect(field('x-content-type-options')).toBe('nosniff')
  expect(field('content-encoding')).toBeNull()
})

it.each([
  ['gzip, br', 'gzip'],
  ['br, gzip;q=0.5', 'gzip'],
  ['gzip;q=0', null],
  ['x-gzip-not', null],
])('text is packed for who takes that: %s', async (accepted, coding) => {
  const { field } = await ask('chunks/a~b.js', { fields: `\nAccept-Encoding: ${accepted}` })
  expect(field('content-encoding')).toBe(coding)
  expect(Number(field('content-length')) < SCRIPT.length).toBe(coding !== null)
})

it('what is packed already is sent as it is', async () => {
  const { status, field, body } = await ask('font.woff2', { fields: '\nAccept-Encoding: gzip' })
  expect([status, body, field('content-type'), field('vary')]).toEqual([200, 'not a font', 'font/woff2', null])
})

it('HEAD has the header of GET, and who has the file is told so', async () => {
  const { status, field, body } = await ask('chunks/a~b.js', { method: 'HEAD' })
  expect([status, body, field('content-length')]).toEqual([200, '', String(SCRIPT.length)])
  const again = await ask('chunks/a~b.js', { fields: `\nIf-None-Match: "x", ${field('etag')}` })
  expect([again.status, again.body, again.field('etag')]).toEqual([304, '', field('etag')])
  expect((await ask('chunks/a~b.js', { fields: '\nIf-None-Match: "x"' })).status).toBe(200)
})

it.each(['chunks/none.js', 'chunks', '', 'chunks/', 'chunks%2F..%2F..%2Fpackage.json', '/chunks/a~b.js'])(
  'no other path reaches a file, or the framework: %s',
  async (path) => {
    const { status, passed } = await ask(path)
    expect([status, passed]).toEqual([404, []])
  },
)
