import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildIndex } from './index-task.ts'
import { parseAttachment } from '../testing/parse-attachment.ts'
import { parseMessage } from './parse.ts'

const HEAD = 'From: Alice <a@example.com>\r\nSubject: Hello\r\n'

function parse(text: string, limits = {}) {
  return parseMessage(Buffer.from(text, 'latin1'), limits)
}

/** A message with `depth` nested multiparts. */
function nested(depth: number): string {
  let message = HEAD
  for (let level = 0; level < depth; level += 1) {
    message += `Content-Type: multipart/mixed; boundary=b${level}x\r\n\r\n--b${level}x\r\n`
  }
  return `${message}\r\ninnermost`
}

describe('limits', () => {
  it.each([
    ['levels', nested(21), 'parts are nested over 20 levels deep'],
    [
      'parts',
      `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(1001)}`,
      'there are over 1000 parts',
    ],
    ['header fields', `${HEAD}${'X: y\r\n'.repeat(1000)}\r\nbody`, 'there are over 1000 header fields'],
    ['header bytes', `${HEAD}X: ${'y'.repeat(262_144)}\r\n\r\nbody`, 'the header block is over 262144 bytes'],
    [
      'header fields of a part',
      `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${'X: y\r\n'.repeat(1001)}\r\n--b--`,
      'there are over 1000 header fields',
    ],
    [
      'false boundaries',
      `${HEAD}Content-Type: multipart/mixed; boundary="-"\r\n\r\n${'--- '.repeat(60_000)}`,
      'its boundaries are ambiguous',
    ],
  ])('a message with too many %s still shows its sender and subject', (_what, message, reason) => {
    const parsed = parse(message)
    expect(parsed).toMatchObject({ ok: false, reason, text: null, html: null })
    expect(parsed.index).toMatchObject({ subject: 'Hello', from: [{ name: 'Alice', address: 'a@example.com' }] })
    expect(buildIndex(Buffer.from(message, 'latin1')).parseError).toBe(reason)
    expect(parseAttachment(Buffer.from(message, 'latin1'), 0)).toBeNull()
  })

  it('allow a message just within them', () => {
    expect(parse(nested(20))).toMatchObject({ ok: true, text: 'innermost' })
    const parts = `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(999)}--b--`
    expect(parse(parts).ok).toBe(true)
    expect(parse(`${HEAD}\r\nx`, { headerFields: 1 })).toMatchObject({ ok: false })
  })
})

describe('any bytes', () => {
  const line = fc.constantFrom(
    'Content-Type: multipart/mixed; boundary=b',
    'Content-Type: multipart/alternative; boundary="b b"',
    'Content-Type: text/html; charset=utf-7',
    'Content-Type: message/rfc822',
    'Content-Type: /',
    'Content-Transfer-Encoding: base64',
    'Content-Transfer-Encoding: quoted-printable',
    "Content-Disposition: attachment; filename*0*=x'",
    'Content-ID: <>',
    'Subject: =?utf-8?Q?=00=FF?=',
    'From: "<',
    'Date: 99 Zzz 0',
    '--b',
    '--b--',
    '--b b',
    '=E3=81=',
    'AA=A',
    '<img src=cid:%>',
    '\u001b$B',
    '\u0000\u00FF',
    '',
    ' ',
    ':',
  )
  const message = fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.array(line), fc.constantFrom('\r\n', '\n', '\r'))
      .map(([lines, eol]) => Buffer.from(lines.join(eol), 'latin1')),
  )

  it('never make it throw, and yield an index that both databases accept', () => {
    fc.assert(
      fc.property(message, (raw) => {
        const index = buildIndex(raw)
        expect(index.parseError).toBeNull()
        expect(JSON.stringify(index)).not.toMatch(/\\u0000|\\ud[89a-f]/i)
        expect(index.preview.length).toBeLessThanOrEqual(200)
        for (const attachment of index.attachments) {
          expect(parseAttachment(raw, attachment.index)?.size).toBe(attachment.size)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('return any attachment unchanged', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const content = Buffer.from(bytes)
        const base64 = content.toString('base64').replaceAll(/.{76}/g, '$&\r\n')
        const raw = `${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}\r\n--b--\r\n`
        expect(parseAttachment(Buffer.from(raw), 0)?.content.equals(content)).toBe(true)
      }),
    )
  })
})

describe('hostile megabytes are parsed in time', () => {
  const SIZE = 1_048_576
  const fill = (piece: string) => piece.repeat(Math.ceil(SIZE / piece.length))
  const fillHeader = (piece: string) => piece.repeat(Math.floor(200_000 / piece.length))

  it.each([
    '(',
    '"',
    '\\',
    '=?',
    '=?a?Q?',
    '<',
    'a(',
    ';',
    'a=',
    ',',
    ' ',
    '=?utf-8?Q?a?= ',
    'x\r\n ',
    '\u00E9',
    '\u0082',
  ])('a header full of %j', (piece) => {
    for (const name of [
      'From',
      'Subject',
      'References',
      'In-Reply-To',
      'Date',
      'Content-Type',
      'Content-Disposition',
    ]) {
      expect(parse(`${name}: ${fillHeader(piece)}\r\n\r\nx`).index).toBeDefined()
    }
  })

  it.each([
    '=',
    '= ',
    '=\r\n',
    ' \r\n',
    '\t',
    'A',
    '--b',
    '\r\n--b',
    '\r\n--b ',
    '\n',
    '<',
    '&',
    '>',
    '\u001b$B',
    '\u001b$)C\u000e',
    '~{',
    'begin 644 a\r\n',
    '\r\nbegin 644 a\r\n#0V%T',
    'QQ==',
    '\u0082',
  ])('a body full of %j', (piece) => {
    for (const type of ['text/plain; format=flowed', 'text/html', 'multipart/mixed; boundary=b']) {
      const raw = `Content-Type: ${type}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${fill(piece)}`
      const index = buildIndex(Buffer.from(raw, 'latin1'))
      expect(index.search.body.split(' ').length).toBeLessThanOrEqual(16_000)
    }
  })

  it('a boundary of thousands of characters that nearly matches everywhere', () => {
    const almost = `-${'a'.repeat(3999)}`
    const raw = `Content-Type: multipart/mixed; boundary="${'a'.repeat(4000)}"\r\n\r\n${fill(almost)}`
    expect(parse(raw)).toMatchObject({ ok: true, text: fill(almost) })
  })

  it('flowed text longer than anyone writes is left as it is', () => {
    const raw = `Content-Type: text/plain; format=flowed\r\n\r\n${fill('a \n').repeat(3)}`
    expect(parse(raw).text).toBe(fill('a \n').repeat(3))
  })
})

describe('buildIndex', () => {
  it('produces tokens of all four fields, including attachment names', () => {
    const raw = Buffer.from(
      `From: 山田 <yamada@example.jp>\r\nTo: bob@example.org\r\nCc: Carol <c@example.org>\r\nSubject: 東京 Report\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello <b>World</b><style>hidden</style>\r\n--b\r\nContent-Type: application/pdf; name=Invoice.pdf\r\n\r\nx\r\n--b--`,
    )
    expect(buildIndex(raw).search).toEqual({
      subject: '東京 京 report',
      sender: '山田 田 yamada example jp',
      recipients: 'bob example org carol c example org',
      body: 'invoice pdf hello world',
    })
  })

  it('bounds every text', () => {
    const long = 'x'.repeat(5000)
    const raw = `Subject: ${long}\r\nMessage-ID: <${'i'.repeat(400)}@x>\r\nFrom: ${long} <${long}@example.com>\r\n\r\n${'word '.repeat(50_000)}`
    const index = buildIndex(Buffer.from(raw))
    expect(index.subject).toHaveLength(998)
    expect(index.messageId).toMatch(/^[0-9a-f]{64}$/)
    expect(index.from[0]).toMatchObject({ name: 'x'.repeat(998), address: '...@example.com' })
    expect(index.search.body.split(' ')).toHaveLength(16_000)
  })
})
