import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileIn, sorted, subjectOf } from '../../test/formats/read.ts'
import { readMbox } from './mbox.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mairust-mbox-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const SEPARATOR = 'From a@example.com Fri Jul  8 12:08:34 2011'
const read = (content: string | Buffer) => sorted(readMbox(fileIn(folder, 'box', content)))
const subjects = async (content: string | Buffer) => (await read(content)).messages.map(subjectOf)

describe('an mbox', () => {
  it('yields unquoted messages with flags and times', async () => {
    const { messages } = await read(
      `${SEPARATOR}\nSubject: one\nStatus: RO\nX-Status: AF\n\n>From here\n>>From there\nFrom today on\n\n${SEPARATOR} +0200\nSubject: two\n\nend`,
    )
    const [one, two] = messages
    expect(one?.raw.toString()).toBe(
      'Subject: one\r\nStatus: RO\r\nX-Status: AF\r\n\r\nFrom here\r\n>From there\r\nFrom today on\r\n',
    )
    expect(one).toMatchObject({
      seen: true,
      answered: true,
      starred: true,
      receivedAt: new Date('2011-07-08T12:08:34Z'),
    })
    expect(two).toMatchObject({
      raw: Buffer.from('Subject: two\r\n\r\nend'),
      seen: false,
      receivedAt: new Date('2011-07-08T10:08:34Z'),
    })
  })

  it('is split the same wherever the chunks end', async () => {
    const body = `${'x'.repeat(76)}\n`.repeat(700)
    const length = `Content-Length: ${body.length}\n`
    const box = Array.from(
      { length: 60 },
      (_, n) => `${SEPARATOR}\nSubject: ${n}\n${n % 2 === 0 ? length : ''}\n${body}\n`,
    ).join('')
    for (const content of [box, gzipSync(box)]) {
      const { messages } = await read(content)
      expect(messages.map(subjectOf)).toEqual(Array.from({ length: 60 }, (_, n) => String(n)))
      for (const { raw } of messages) expect(raw.length - raw.indexOf('\r\n\r\n')).toBe(78 * 700 + 4)
    }
  })

  it.each([
    ['a complete date', SEPARATOR],
    ['a zone at the end', `${SEPARATOR} -0700`],
    ['a zone before the year', 'From 1832929883591034824@xxx Fri May 23 16:35:53 +0000 2025'],
    ['a date in the order of Thunderbird on a Mac', 'From - Sat Apr 12 2025 15:59:28'],
    ['a date of RFC 5322', 'From a@example.com Sun, 05 Aug 2007 09:11:09 -0700'],
    ['an ISO date', 'From a@example.com 2025-06-15 10:00:00'],
    ['a sender in words', 'From ann at example.com  Fri Jul  8 12:08:34 2011'],
    ['an unknown sender', 'From ???@??? Mon Apr 01 12:00:00 1996'],
    ['a name in front of the address', 'From MAILER DAEMON Fri Jul  8 12:08 2011 remote from host'],
    ['an address alone', 'From a@example.com'],
    ['nothing', 'From '],
    ['nothing but a dash', 'From - '],
  ])('is split at a separator with %s', async (_, separator) => {
    expect(await subjects(`${SEPARATOR}\nSubject: one\n\nx\n\n${separator}\nSubject: two\n\ny\n`)).toEqual([
      'one',
      'two',
    ])
    expect(await subjects(`${separator}\r\nSubject: one\r\n\r\nx\r\n`)).toEqual(['one'])
  })

  it.each([
    'From now on you can access your space:',
    'From memory, the meeting was at 10:00',
    'From 10:00 to 11:00',
    'From my end at 10:00 in 2024:\nsome questions',
    'From john.doe@example.com 2025-06-15',
  ])('is not split at the sentence "%s"', async (sentence) => {
    expect(await subjects(`${SEPARATOR}\nSubject: one\n\nx\n\n${sentence}\n\ny\n`)).toEqual(['one'])
  })

  it('is split at a separator without an empty line before it', async () => {
    expect(await subjects(`${SEPARATOR}\nSubject: one\n\nno empty line\n${SEPARATOR}\nSubject: two\n\nx\n`)).toEqual([
      'one',
      'two',
    ])
  })

  it('ends a message at its Content-Length if a separator follows', async () => {
    const inner = `quoted mbox:\n\n${SEPARATOR}\nSubject: inner\n\nend\n`
    const box = (length: number) =>
      `${SEPARATOR}\nSubject: cl\nContent-Length: ${length}\n\n${inner}\n${SEPARATOR}\nSubject: two\n\nx\n`
    expect(await subjects(box(inner.length))).toEqual(['cl', 'two'])
    for (const wrong of [0, 5, inner.length - 2, 900, 999_999_999_999])
      expect(await subjects(box(wrong))).toEqual(['cl', 'inner', 'two'])
  })

  it('drops separators that were copied into a header', async () => {
    const { messages } = await read(
      `From x@y Fri Apr 11 15:36:11 2025\n>From - Sat Apr 12 2025 15:59:28\nX-Mozilla-Status: 0001\nSubject: one\n\nx\n\n${SEPARATOR}\n${SEPARATOR}\nSubject: two\n\n`,
    )
    expect(messages.map(({ raw }) => raw.toString())).toEqual([
      'X-Mozilla-Status: 0001\r\nSubject: one\r\n\r\nx\r\n',
      'Subject: two\r\n\r\n',
    ])
    expect(messages[0]).toMatchObject({ seen: true })
  })
})

describe('a skipped message is reported', () => {
  it('when Thunderbird or Dovecot would not show it', async () => {
    const { messages, leftOut } = await read(
      [
        'From - Tue Nov 10 09:00:00 2026\nX-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\nSubject: kept\n\na\n',
        'From - Tue Nov 10 09:00:00 2026\nX-Mozilla-Status: 0009\nX-Mozilla-Status2: 00000000\nSubject: expunged\n\nb\n',
        'From - Tue Nov 10 09:00:00 2026\nX-Mozilla-Status: 0000\nX-Mozilla-Status2: 00200000\nSubject: on the server\n\nb\n',
        'From - Tue Nov 10 09:00:00 2026\nX-Mozilla-Status: 0006\nSubject: unread\n\nc\n',
        `${SEPARATOR}\nSubject: d\nStatus: RO\nX-Status: D\n\nc\n`,
        `From MAILER-DAEMON Fri Jul  8 12:08:34 2011\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\ntext\n`,
      ].join('\n'),
    )
    expect(messages.map((each) => [subjectOf(each), each.seen, each.answered, each.starred])).toEqual([
      ['kept', true, false, false],
      ['unread', false, true, true],
    ])
    expect(leftOut).toEqual(['deleted', 'deleted', 'deleted', 'internal'])
  })

  it('when it is empty', async () => {
    const { messages, details } = await read(`${SEPARATOR}\n\n${SEPARATOR}\nSubject: one\n\nx\n\n${SEPARATOR}\n\n`)
    expect(messages.map(subjectOf)).toEqual(['one'])
    expect(details).toEqual([`message 1 (${SEPARATOR}) is empty`, `message 3 (${SEPARATOR}) is empty`])
  })
})

it('may be in a folder, as Apple Mail exports it', async () => {
  // Report: mail-archiver 364.
  fileIn(folder, 'mbox', `${SEPARATOR}\nSubject: one\n\nx\n`)
  fileIn(folder, 'table_of_contents', 'index')
  expect((await sorted(readMbox(folder))).messages.map(subjectOf)).toEqual(['one'])
})

describe('the time of a message', () => {
  const received =
    'Received: from a by b;\n\tThu, 28 Oct 2004 17:00:38 -0400\nReceived: from c by a; Wed, 27 Oct 2004 10:00:00 +0000\n'
  const date = 'Date: Tue, 26 Oct 2004 10:00:00 +0000\n'
  it.each([
    ['its separator', SEPARATOR, received + date, '2011-07-08T12:08:34.000Z'],
    [
      'the last Received, as Thunderbird notes only when it was copied',
      'From - Tue Nov 10 09:00:00 2026',
      received + date,
      '2004-10-28T21:00:38.000Z',
    ],
    ['its Date, without that', 'From - Tue Nov 10 09:00:00 2026', date, '2004-10-26T10:00:00.000Z'],
    ['its separator, without both', 'From - Tue Nov 10 09:00:00 2026', '', '2026-11-10T09:00:00.000Z'],
    [
      'the last Received, without a date in the separator',
      'From a@example.com',
      received + date,
      '2004-10-28T21:00:38.000Z',
    ],
  ])('is that of %s', async (_, separator, head, expected) => {
    const { messages } = await read(`${separator}\n${head}Subject: x\n\nx\n`)
    expect(messages[0]?.receivedAt?.toISOString()).toBe(expected)
  })
})

describe('a path that is not an mbox', () => {
  it('is refused with an explanation', async () => {
    const refused = (path: string, text: string, exitCode: number) =>
      expect(sorted(readMbox(path))).rejects.toMatchObject({
        message: expect.stringContaining(text) as string,
        exitCode,
      })
    await refused(fileIn(folder, 'text', 'Subject: x\n\n'), 'looks like a single message', 2)
    await refused(fileIn(folder, 'prose', 'hello\n'), 'is not an mbox: it does not begin with a "From " line', 2)
    await refused(fileIn(folder, 'takeout.zip', 'PK\x03\x04…'), 'is a zip archive', 2)
    await refused(folder, 'use "import maildir"', 2)
    await refused(join(folder, 'none'), 'there is no file or folder', 3)
    expect((await read('')).messages).toEqual([])
    expect(await subjects(`\xef\xbb\xbf\n${SEPARATOR}\nSubject: after a mark\n\n`)).toEqual(['after a mark'])
  })
})
