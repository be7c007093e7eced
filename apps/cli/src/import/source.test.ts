import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readMaildir } from './maildir.ts'
import { readMbox } from './mbox.ts'
import { type SourceMessage, withCrlf } from './source.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mairust-import-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const all = async (messages: AsyncIterable<SourceMessage>): Promise<SourceMessage[]> => {
  const found: SourceMessage[] = []
  for await (const message of messages) found.push(message)
  return found
}
const file = (name: string, content: string): string => {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content, 'latin1')
  return path
}

describe('line ends', () => {
  it('become CRLF and change nothing else', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '\r\n', '\n', '\xe9') })
    fc.assert(
      fc.property(line, (text) => {
        const result = withCrlf(Buffer.from(text, 'latin1')).toString('latin1')
        expect(result).toBe(text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'))
      }),
    )
  })
})

describe('a maildir', () => {
  it('gives its messages with flags, times and subfolders', async () => {
    file('cur/1700000000.a:2,FRS', 'Subject: one\n\nx\n')
    file('cur/1700000001.b:2,ST', 'Subject: trashed\n\nx\n')
    file('new/1700000002.c', 'Subject: two\r\n\r\nx\r\n')
    file('.Work.Old/cur/1700000003.d:2,D', 'Subject: three\n\nx\n')
    const messages = await all(readMaildir(folder))
    expect(messages.map(({ raw }) => raw.toString().split('\r\n')[0])).toEqual([
      'Subject: one',
      'Subject: two',
      'Subject: three',
    ])
    expect(messages[0]).toMatchObject({
      seen: true,
      starred: true,
      answered: true,
      draft: false,
      folder: null,
      receivedAt: new Date(1_700_000_000_000),
    })
    expect(messages[1]).toMatchObject({ seen: false, starred: false })
    expect(messages[2]).toMatchObject({ draft: true, folder: 'Work/Old' })
  })

  it('takes the time of the file when its name has none', async () => {
    file('cur/letter', 'Subject: one\n\n')
    const [message] = await all(readMaildir(folder))
    expect(Math.abs(Date.now() - (message?.receivedAt?.getTime() ?? 0))).toBeLessThan(60_000)
  })

  it('is refused when it is none', async () => {
    await expect(all(readMaildir(folder))).rejects.toThrow('is not a maildir')
  })
})

describe('an mbox', () => {
  const separator = 'From a@example.com Fri Jul  8 12:08:34 2011'

  it('gives its messages with flags and times, unquoted', async () => {
    const path = file(
      'box',
      `${separator}\nSubject: one\nStatus: RO\nX-Status: AF\n\n>From here\n>>From there\nFrom today on\n\n${separator} +0200\nSubject: two\n\nend`,
    )
    const [one, two] = await all(readMbox(path))
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

  it('is split alike wherever the chunks of the file end', async () => {
    const body = `${'x'.repeat(76)}\n`.repeat(700)
    const path = file('big', Array.from({ length: 60 }, (_, n) => `${separator}\nSubject: ${n}\n\n${body}\n`).join(''))
    const messages = await all(readMbox(path))
    expect(messages).toHaveLength(60)
    expect(
      new Set(messages.map(({ raw }) => raw.length - (/Subject: (\d+)/.exec(raw.toString())?.[1]?.length ?? 0))).size,
    ).toBe(1)
  })

  it('is refused when it is none', async () => {
    await expect(all(readMbox(file('text', 'Subject: x\n\n')))).rejects.toThrow('is not an mbox')
    expect(await all(readMbox(file('empty', '')))).toEqual([])
  })
})
