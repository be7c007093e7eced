import { beforeEach, describe, expect, it, vi } from 'vitest'
import * as boundary from './boundary.ts'
import { buildIndex } from './index-task.ts'
import * as languages from './languages.ts'
import { parseMessage } from './parse.ts'

vi.mock('./languages.ts', { spy: true })
vi.mock('./boundary.ts', { spy: true })
beforeEach(() => vi.clearAllMocks())

const COUNT = 30_000
/** A byte that is a letter in few charsets, and no character in the labelled one. */
const DOUBTFUL = '\x81'

/** A message with so many short texts in its parts' headers, some in each part. */
function withTexts(count: number, field: (texts: number) => string, ending = 'Subject: x'): Buffer {
  const parts = 300
  const part = `--b\r\n${field(count / parts)}\r\n\r\nx\r\n`
  return Buffer.from(
    `${ending}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(parts)}--b--\r\n`,
    'latin1',
  )
}

describe('reading a message has a limit of what it spends on charsets', () => {
  it.each([
    [
      'encoded words',
      (texts: number) =>
        `Content-Disposition: attachment; filename="${'=?gb18030?q?=81?= =?koi8-r?q?=C1?=\r\n '.repeat(texts / 2)}"`,
    ],
    [
      'parameters with a charset',
      (texts: number) =>
        `Content-Type: text/x${Array.from({ length: texts }, (_, at) => `;a${at}*=gb18030''%81`).join('')}`,
    ],
    ['fields with raw bytes', (texts: number) => `Content-X: ${DOUBTFUL}\r\n`.repeat(texts).trimEnd()],
    [
      'texts of many parts',
      (texts: number) => `Content-Type: text/plain; charset=gb18030\r\n\r\n${`a${DOUBTFUL}\xFF `.repeat(texts * 10)}`,
    ],
  ])('however many %s it has', (_, field) => {
    const index = buildIndex(withTexts(COUNT, field))
    expect(index.parseError).toBeNull()
    const trialBytes = vi.mocked(languages.scoreText).mock.calls.reduce((sum, [text]) => sum + text.length + 32, 0)
    expect(trialBytes).toBeLessThan(9 * 1_048_576)
  })

  it('on encoded words: further ones stay as they are', () => {
    const words = (count: number) => 'x =?utf-8?q?=C3=A9?= '.repeat(count)
    const part = `--b\r\nContent-Type: text/plain; name="${words(500)}"\r\nContent-Disposition: attachment\r\n\r\nx\r\n`
    const read = parseMessage(
      Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(100)}--b--\r\n`, 'latin1'),
    )
    const names = read.index.attachments.map(({ filename }) => filename.slice(0, 5))
    expect(names).toHaveLength(100)
    expect([names[0], names[99]]).toEqual(['x é x', 'x =?u'])
  })

  it('and the next message has all of it', () => {
    const subject = '=?utf-8?q?=CF=F0=E8=E2=E5=F2?='
    expect(buildIndex(Buffer.from(`Subject: ${subject}\r\n\r\nx`)).subject).toBe('Привет')
  })
})

it('repeated Content-Type fields of nested parts do not multiply the search for boundaries', () => {
  const levels = 19
  const fields = (level: number) =>
    ['no1', 'no2', 'no3', `b${level}`].map((name) => `Content-Type: multipart/mixed; boundary=${name}\r\n`).join('')
  const heads = Array.from({ length: levels - 1 }, (_, at) => `--b${at}\r\n${fields(at + 1)}\r\n`).join('')
  const message = (body: string) => Buffer.from(`Subject: x\r\n${fields(0)}\r\n${heads}${body}`)
  const searched = () =>
    vi.mocked(boundary.splitMultipart).mock.calls.reduce((sum, [, { start, end }]) => sum + end - start, 0)

  const large = message('x'.repeat(4 * 1_048_576))
  expect(parseMessage(large).ok).toBe(true)
  expect(searched()).toBeLessThan(15 * large.length)
  // A small message is read to its innermost part.
  expect(parseMessage(message(`--b18\r\n\r\ninnermost`)).text).toBe('innermost')
})
