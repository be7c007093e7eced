import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileIn, sorted, subjectOf } from '../../test/formats/read.ts'
import { readMaildir } from './maildir.ts'
import { isLeftOut } from './source.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mairust-maildir-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, content: string | Buffer = 'Subject: x\n\nx\n'): string => fileIn(folder, name, content)
const read = () => sorted(readMaildir(folder))
const letter = (subject: string): string => `Subject: ${subject}\n\nx\n`

describe('a maildir', () => {
  it('yields messages with flags, keywords and times', async () => {
    file('dovecot-keywords', '0 $Label1\n1 holiday\n2 $Forwarded\n')
    file('cur/1700000000.a:2,FRSabc', letter('one'))
    file('cur/1700000001.b:2,ST', letter('trashed'))
    file('new/1700000002.c:2,S', 'Subject: two\r\n\r\nx\r\n')
    file('cur/1700000003.d;2,D', letter('three'))
    const { messages, leftOut } = await read()
    expect(messages.map(subjectOf)).toEqual(['one', 'three', 'two'])
    expect(messages[0]).toMatchObject({
      seen: true,
      starred: true,
      answered: true,
      draft: false,
      folder: null,
      tags: ['Important', 'holiday'],
      receivedAt: new Date(1_700_000_000_000),
    })
    expect(messages[1]).toMatchObject({ draft: true, seen: false })
    expect(messages[2]).toMatchObject({ seen: false, starred: false })
    expect(leftOut).toEqual(['deleted'])
  })

  it.each([
    ['.Work.2026', 'Work/2026'],
    ['.INBOX.Work', 'Work'],
    ['INBOX/Work', 'Work'],
    ['Work/2026', 'Work/2026'],
    ['Work 1.5/a', 'Work 1.5/a'],
    ['Work/.2026', 'Work/2026'],
    ['.Work.directory/2026', 'Work/2026'],
    ['Work.sbd/2026', 'Work/2026'],
    ['.INBOX', null],
    ['Inbox', null],
    ['.A&-B.&MH4wijCCMEgwSg-', 'A&B/まりもえお'],
  ])('maps the directory %s to the folder %s', async (directory, expected) => {
    file('cur/1700000000.a:2,')
    file(`${directory}/cur/1700000001.b:2,`, letter('here'))
    const { messages } = await read()
    expect(messages.filter((each) => subjectOf(each) === 'here').map((each) => each.folder)).toEqual([expected])
  })

  it('has messages whose names are not UTF-8, behind links too', async () => {
    const named = (part: string, name: string) => Buffer.from(`${folder}/${part}/${name}`, 'latin1')
    mkdirSync(join(folder, 'cur'))
    mkdirSync(join(folder, 'store'))
    writeFileSync(named('cur', '1700000000.caf\xE9:2,S'), letter('one'))
    writeFileSync(named('store', '\xFF'), letter('two'))
    symlinkSync(named('store', '\xFF'), named('cur', '1700000001.\xFE:2,F'))
    const { messages, leftOut } = await read()
    expect(messages.map(subjectOf)).toEqual(['one', 'two'])
    expect(messages.map(({ seen, starred }) => [seen, starred])).toEqual([
      [true, false],
      [false, true],
    ])
    expect(leftOut).toEqual([])
  })

  it('keeps its messages and the first keywords when the file of keywords is endless', async () => {
    const words = file('dovecot-keywords', '0 holiday\n')
    truncateSync(words, 700_000_000)
    file('cur/1700000000.a:2,Sa', letter('one'))
    const { messages, details } = await read()
    expect(messages.map(({ tags }) => tags)).toEqual([['holiday']])
    expect(details).toEqual([`${words} is over 1 MiB; only its start is read`])
  })

  it('ignores files that are not messages', async () => {
    for (const name of ['dovecot.index.cache', 'dovecot-uidlist', 'maildirfolder', '.uidvalidity', 'courierimapuiddb'])
      file(`cur/${name}`, Buffer.from([0, 1, 2]))
    mkdirSync(join(folder, 'cur/folder'))
    expect(await read()).toEqual({ messages: [], leftOut: [], details: [] })
  })

  it('is read once even when links form a loop', async () => {
    file('cur/1700000000.a:2,')
    file('Work/new/1700000001.b')
    symlinkSync(folder, join(folder, 'Work/loop'))
    symlinkSync(join(folder, 'Work'), join(folder, 'Again'))
    symlinkSync(join(folder, 'nowhere'), join(folder, 'Lost'))
    expect((await read()).messages.map((each) => each.folder)).toEqual([null, 'Work'])
  })
})

describe('a maildir whose owner has fewer permissions than its reader', () => {
  const SECRET = 'Subject: secret\n\nx\n'
  let outside: string
  beforeEach(() => {
    outside = mkdtempSync(join(tmpdir(), 'mairust-outside-'))
    fileIn(outside, 'secret', SECRET)
    fileIn(outside, 'box/cur/1', SECRET)
    file('cur/1700000000.a:2,S', letter('own'))
  })
  afterEach(() => rmSync(outside, { recursive: true, force: true }))

  it.each([
    ['a message', 'secret', 'cur/1700000001.b:2,S'],
    ['a message through another link', 'secret', 'new/link'],
    ['a part of a folder', 'box/cur', '.Box/cur'],
    ['a folder', 'box', '.Box'],
    ['the root directory', '', '.Box'],
  ])('skips and reports a link to the outside in place of %s', async (_what, target, name) => {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    symlinkSync(target === '' ? '/' : join(outside, target), join(folder, name))
    if (name === 'new/link') symlinkSync(join(folder, name), join(folder, 'new/second'))
    const { messages, details } = await read()
    expect(messages.map(subjectOf)).toEqual(['own'])
    expect(details[0]).toBe(`${join(folder, name)} is a link that leads out of the maildir`)
  })

  it('is read through links that stay inside, and through a link to the maildir itself', async () => {
    file('archive/1', letter('linked'))
    symlinkSync(join(folder, 'archive/1'), join(folder, 'cur/1700000001.b:2,S'))
    symlinkSync(folder, join(outside, 'Maildir'))
    const { messages, leftOut } = await sorted(readMaildir(join(outside, 'Maildir')))
    expect(messages.map(subjectOf)).toEqual(['own', 'linked'])
    expect(leftOut).toEqual([])
  })

  it('gives nothing from outside when a folder becomes a link while it is read', async () => {
    const names = Array.from({ length: 200 }, (_, at) => `17000001${String(at + 100)}.a:2,S`)
    for (const name of names) {
      file(`cur/${name}`, letter('own'))
      fileIn(outside, `stolen/${name}`, SECRET)
    }
    const subjects = new Set<string>()
    let hasLeftOut = false
    for await (const entry of readMaildir(folder)) {
      if (subjects.size === 0) {
        renameSync(join(folder, 'cur'), join(folder, 'moved'))
        symlinkSync(join(outside, 'stolen'), join(folder, 'cur'))
      }
      if (isLeftOut(entry)) hasLeftOut = true
      else subjects.add(subjectOf(entry))
    }
    expect([...subjects]).toEqual(['own'])
    expect(hasLeftOut).toBe(true)
  })

  it('takes no keywords from outside', async () => {
    fileIn(outside, 'words', '0 secret\n')
    symlinkSync(join(outside, 'words'), join(folder, 'dovecot-keywords'))
    file('cur/1700000000.a:2,a', letter('tagged'))
    expect((await read()).messages.flatMap((each) => each.tags)).toEqual([])
  })

  it('does not block on a pipe', async () => {
    execFileSync('mkfifo', [join(folder, 'cur/pipe'), join(folder, 'dovecot-keywords')])
    expect((await read()).messages.map(subjectOf)).toEqual(['own'])
  })
})

describe('compressed files', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['zstd', zstdCompressSync],
  ])('of %s are unpacked', async (_, pack) => {
    file('cur/1700000000.a,S=10:2,SZ', pack(Buffer.from(letter('packed'))))
    expect((await read()).messages.map(subjectOf)).toEqual(['packed'])
  })

  it.each([
    ['bzip2', Buffer.from('BZh91AY')],
    ['LZ4', Buffer.from('Dovecot-LZ4\r\n\x9b')],
    ['encrypted', Buffer.from('CRYPTED\x03\x07')],
    ['packed, and damaged', gzipSync('Subject: x').subarray(0, 20)],
    ['not a mail message', Buffer.from([1, 0, 0, 3])],
    ['not a mail message', gzipSync(Buffer.from([1, 0, 0, 3]))],
    ['is empty', Buffer.alloc(0)],
  ])('that are %s are skipped and named', async (what, bytes) => {
    file('cur/1700000000.a:2,S', bytes)
    file('cur/1700000001.b:2,S', letter('good'))
    const { messages, details } = await read()
    expect(messages.map(subjectOf)).toEqual(['good'])
    expect(details).toEqual([expect.stringMatching(new RegExp(`1700000000.a:2,S.*${what}`))])
  })
})

describe('the time of a message', () => {
  const at = (text: string): number => Date.parse(text) / 1000
  it.each([
    [
      'in its name, when the file was copied later',
      'cur/1700000000.a:2,S',
      '2024-06-01',
      '',
      '2023-11-14T22:13:20.000Z',
    ],
    ['of its file, when a copy changed the name', 'cur/1700000000.a:2,S', '2015-06-01', '', '2015-06-01T00:00:00.000Z'],
    ['of its file, when the name has none', 'cur/letter', '2015-06-01', '', '2015-06-01T00:00:00.000Z'],
    [
      'of its header, when the file was copied later',
      'cur/letter',
      '2024-06-01',
      'Received: by a; Tue, 26 Oct 2004 10:00:00 +0000\n',
      '2004-10-26T10:00:00.000Z',
    ],
  ])('is that %s', async (_, name, mtime, head, expected) => {
    utimesSync(file(name, `${head}Subject: x\n\n`), at(mtime), at(mtime))
    expect((await read()).messages[0]?.receivedAt?.toISOString()).toBe(expected)
  })
})

describe('a path that is not a maildir', () => {
  it('is refused with an explanation', async () => {
    const refused = (path: string, text: string, exitCode: number) =>
      expect(sorted(readMaildir(path))).rejects.toMatchObject({
        message: expect.stringContaining(text) as string,
        exitCode,
      })
    await refused(folder, 'is not a maildir: it has neither cur nor new', 2)
    await refused(join(folder, 'none'), 'there is no file or folder', 3)
    await refused(file('box'), 'use "import mbox"', 2)
    mkdirSync(join(folder, 'Maildir/cur'), { recursive: true })
    await refused(folder, `it has neither cur nor new; ${join(folder, 'Maildir')} has`, 2)
    cpSync(join(folder, 'Maildir'), join(folder, 'Inbox'), { recursive: true })
    expect((await read()).messages).toEqual([])
  })
})
