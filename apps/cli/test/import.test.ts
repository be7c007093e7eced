import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { withDatabases } from '@mairust/db/testing'
import type { Preparer } from '@mairust/intake'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readMaildir } from '../src/import/maildir.ts'
import { runImport } from '../src/import/run.ts'
import { withServices } from '../src/services.ts'
import { type Cli, makeCli, PASSWORD } from './cli.ts'

const BOX = 'root@example.com'
const letter = (subject: string): string =>
  `From: Ann <ann@example.org>\nTo: root@example.com\nSubject: ${subject}\n\n東京の天気\n`
const SEPARATOR = 'From a@example.org Fri Jul  8 12:08:34 2011\n'

withDatabases((get) => {
  let cli: Cli
  const file = (name: string, content: string | Buffer): string => {
    const path = join(cli.folder, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, content)
    return path
  }
  const io = () => ({ env: cli.env, cwd: cli.folder, stdin: process.stdin, out: () => undefined, err: () => undefined })
  const messages = async (folder: string, mailbox = BOX) => {
    const { getRawMessage, listMessages } = await import('@mairust/api/services')
    return withServices(io(), async (ctx) => {
      const { data } = await listMessages(ctx, { mailbox, folder, limit: 100 })
      const id = data[0]?.id
      const raw = id === undefined ? '' : await text(await (await getRawMessage(ctx, { id })).open())
      return { data, subjects: data.map(({ subject }) => subject).sort(), raw }
    })
  }
  const folders = async (mailbox: string) => {
    const { listFolders, listMailboxes } = await import('@mairust/api/services')
    return withServices(io(), async (ctx) => {
      const { data } = await listMailboxes(ctx, { q: mailbox })
      const found = await listFolders(ctx, { id: data[0]?.id ?? '', limit: 100 })
      return Object.fromEntries(found.data.filter(({ total }) => total > 0).map(({ name, total }) => [name, total]))
    })
  }
  const importInto = (kind: 'maildir' | 'mbox', path: string, mailbox = BOX, ...more: string[]) =>
    cli.run(['import', kind, path, '--mailbox', mailbox, ...more])
  const newMailbox = async (address: string): Promise<string> => {
    await cli.json(['mailbox', 'add', address])
    return address
  }

  beforeAll(async () => {
    cli = makeCli(get().options)
    await cli.json(['admin', 'create', BOX, '--password-stdin'], PASSWORD)
    await cli.json(['domain', 'add', 'example.com', '--active'])
    await cli.json(['mailbox', 'add', BOX, '--quota-mb', '1'])
    file('Maildir/cur/1700000000.a:2,FS', letter('seen and starred'))
    file('Maildir/new/1700000001.b', letter('new'))
    file('Maildir/.Sent Items/cur/1700000002.c:2,S', letter('sent'))
    file('Maildir/.Work.2026/cur/1700000003.d:2,S', letter('work'))
  })
  afterAll(() => cli.remove())

  it('imports a maildir with flags, times and folders', async () => {
    const { data } = await cli.json(['import', 'maildir', join(cli.folder, 'Maildir'), '--mailbox', BOX])
    expect(data).toMatchObject({ imported: 4, already_there: 0, deleted: 0, unreadable: 0 })
    const inbox = await messages('inbox')
    expect(inbox.data.map(({ subject, seen, starred, received_at: at }) => ({ subject, seen, starred, at }))).toEqual([
      { subject: 'new', seen: false, starred: false, at: '2023-11-14T22:13:21.000Z' },
      { subject: 'seen and starred', seen: true, starred: true, at: '2023-11-14T22:13:20.000Z' },
    ])
    expect(inbox.raw).toBe(letter('new').replaceAll('\n', '\r\n'))
    expect((await messages('sent')).subjects).toEqual(['sent'])
    expect((await messages('Work/2026')).subjects).toEqual(['work'])
  })

  it('imports an mbox into a folder in several transactions, and warns about the quota', async () => {
    const body = 'x'.repeat(70).concat('\n').repeat(100)
    const box = Array.from({ length: 600 }, (_, n) => `${SEPARATOR}${letter(`number ${n}`)}${body}\n`)
    const path = file('box', box.join(''))
    const { status, out, err } = await importInto('mbox', path, BOX, '--folder', 'Old mail')
    expect([status, out]).toEqual([0, expect.stringMatching(/^imported 600 messages in [\d.]+ s\n$/)])
    expect(err).toContain(`warning: ${BOX} is over its quota, which does not limit an import`)
    const { data } = await cli.json(['mailbox', 'list'])
    expect(data[0]?.['used_bytes']).toBeGreaterThan(600 * 7000)
    const found = await messages('Old mail')
    expect(found.data).toHaveLength(100)
    const traced = await cli.run(['trace', String(found.data[0]?.id)])
    expect(traced.status).toBe(0)
    expect(traced.out).toContain('imported')
  })

  it('imports every kind of folder, and reports what it skipped', async () => {
    const box = await newMailbox('kinds@example.com')
    file('Kinds/cur/1700000000.a:2,', letter('top'))
    file('Kinds/cur/dovecot.index.cache', Buffer.from([0, 1]))
    file('Kinds/.INBOX.Work/cur/1700000001.b:2,', letter('courier'))
    file('Kinds/.Entw&APw-rfe/cur/1700000002.c:2,', letter('utf-7'))
    file('Kinds/.A&-B/cur/1700000003.d:2,', letter('ampersand'))
    file('Kinds/.Packed/cur/1700000004.e:2,SZ', gzipSync(letter('packed')))
    file('Kinds/.Packed/cur/1700000005.f:2,SZ', Buffer.from('BZh9'))
    file('Kinds/.Quarantine/cur/1700000006.g:2,', letter('reserved'))
    file('Kinds/.Trash/cur/1700000007.h:2,ST', letter('deleted'))
    const { status, out, err } = await importInto('maildir', join(cli.folder, 'Kinds'), box)
    expect([status, out]).toEqual([
      1,
      expect.stringMatching(/^imported 6 messages in .*\nskipped: 1 marked as deleted, 1 unreadable\n$/),
    ])
    expect(err).toMatch(/^skipped: .*1700000005\.f:2,SZ: it is packed with bzip2\nunreadable messages skipped: 1\n$/)
    expect(await folders(box)).toEqual({
      Inbox: 1,
      Work: 1,
      Entwürfe: 1,
      'A&B': 1,
      Packed: 1,
      'Imported Quarantine': 1,
    })
  })

  it('imports folders, flags and tags from Google Takeout', async () => {
    const box = await newMailbox('takeout@example.com')
    const labelled = (labels: string) => `${SEPARATOR}X-Gmail-Labels: ${labels}\n${letter(labels)}\n`
    const path = file(
      'takeout.mbox',
      [
        'Inbox,Opened,holiday',
        'Archived,Sent',
        'Archived,Starred,Work/2026,Holiday',
        'Archived,Opened',
        'Spam,Unread',
        'Trash,Unread',
      ]
        .map(labelled)
        .join(''),
    )
    expect((await importInto('mbox', path, box)).status).toBe(0)
    expect(await folders(box)).toEqual({ Inbox: 1, Sent: 1, 'Work/2026': 1, Archive: 1, Junk: 1, Trash: 1 })
    expect((await messages('Work/2026', box)).data[0]).toMatchObject({
      seen: true,
      starred: true,
      tags: ['holiday', 'Work/2026'],
    })
    expect((await messages('inbox', box)).data[0]).toMatchObject({ seen: true, tags: ['holiday'] })
    expect((await messages('junk', box)).data[0]).toMatchObject({ seen: false })
  })

  it('imports nothing twice, even after messages and source have changed', async () => {
    const box = await newMailbox('again@example.com')
    const other = await newMailbox('other@example.com')
    const one = (status: string, n: number) => `${SEPARATOR}Status: ${status}\n${letter(`number ${n}`)}\n`
    // The last is in the source twice, and so is imported twice.
    const box1 = file('again', [1, 2, 3, 3].map((n) => one('O', n)).join(''))
    const imported = async (path: string, into = box, ...more: string[]) => {
      const { data } = await cli.json(['import', 'mbox', path, '--mailbox', into, ...more])
      return [data['imported'], data['already_there']]
    }
    expect(await imported(box1)).toEqual([4, 0])
    expect(await imported(box1)).toEqual([0, 4])
    const { removeMessage, moveMessage } = await import('@mairust/api/services')
    const [first, second] = (await messages('inbox', box)).data
    await withServices(io(), async (ctx) => {
      await moveMessage(ctx, { id: first?.id ?? '', folder: 'archive' })
      await removeMessage(ctx, { id: second?.id ?? '' })
    })
    // The same mbox after a mail client set flags in it, grown, and at another path.
    const grown = file('elsewhere/again', [1, 2, 3, 3, 3, 4].map((n) => one('RO', n)).join(''))
    expect(await imported(grown)).toEqual([2, 4])
    expect(await imported(grown, other)).toEqual([6, 0])
    // Another source with some of the same messages.
    expect(await imported(file('second', one('O', 1)), other)).toEqual([1, 0])
    expect(await imported(grown, other, '--folder', 'Copies')).toEqual([6, 0])
    expect((await importInto('mbox', grown, other)).out).toMatch(/^imported 0 messages in .* s; 6 already imported\n$/)
  })

  it('resumes where it was interrupted', async () => {
    const box = await newMailbox('resumed@example.com')
    const path = file('long', Array.from({ length: 1300 }, (_, n) => `${SEPARATOR}${letter(String(n))}\n`).join(''))
    const { readMbox } = await import('../src/import/mbox.ts')
    const { data } = await cli.json(['mailbox', 'list'])
    const mailboxId = String(data.find(({ address }) => address === box)?.['id'])
    await withServices(io(), async (ctx) => {
      const target = {
        mailboxId,
        address: box,
        importName: JSON.stringify(['mbox long', '']),
        placeFor: () => Promise.resolve({}),
      }
      const onProgress = (): void => {
        throw new Error('interrupted')
      }
      const work = { entries: readMbox(path), onProgress }
      await expect(runImport(ctx, target, work)).rejects.toThrow('interrupted')
    })
    const before = (await folders(box))['Inbox'] ?? 0
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(1300)
    const again = await cli.json(['import', 'mbox', path, '--mailbox', box])
    expect(again.data).toMatchObject({ imported: 1300 - before, already_there: before })
    expect(await folders(box)).toEqual({ Inbox: 1300 })
  })

  it('skips messages that crash the parser, and counts them', async () => {
    const preparer: Preparer = {
      prepare: (raws) => Promise.resolve(raws.map(() => null)),
      close: () => Promise.resolve(),
    }
    const leftOut: string[] = []
    const result = await withServices(io(), (ctx) => {
      const target = { mailboxId: 'mbx_x', address: BOX, importName: '', placeFor: () => Promise.resolve({}) }
      const entries = readMaildir(join(cli.folder, 'Maildir'))
      return runImport(ctx, target, { preparer, entries, onLeftOut: (_, detail) => leftOut.push(detail) })
    })
    expect(result).toMatchObject({ imported: 0, unreadable: 4, bytes: 0 })
    expect(leftOut).toContain('Subject: new: it could not be parsed')
  })

  it('refuses missing mailboxes and sources', async () => {
    const maildir = join(cli.folder, 'Maildir')
    expect((await importInto('maildir', maildir, 'nobody@example.com')).status).toBe(3)
    expect((await cli.run(['import', 'maildir', maildir])).status).toBe(2)
    expect(await importInto('maildir', cli.folder)).toMatchObject({
      status: 2,
      err: expect.stringContaining('is not a maildir') as string,
    })
    const none = join(cli.folder, 'none')
    expect(await importInto('mbox', none)).toEqual({ status: 3, out: '', err: `there is no file or folder ${none}\n` })
    expect(readFileSync(join(maildir, 'new/1700000001.b'), 'utf8')).toBe(letter('new'))
  })

  it('leaves out tags beyond the limit, counts them, and imports the mail', async () => {
    const box = await newMailbox('tags@example.com')
    const labelled = (at: number) =>
      `${SEPARATOR}X-Keywords: ${Array.from({ length: 50 }, (_, word) => `w${at}x${word}`).join(' ')}\n${letter(`labelled ${at}`)}\n`
    const path = file('labelled.mbox', Array.from({ length: 22 }, (_, at) => labelled(at)).join(''))
    const { status, out, err } = await importInto('mbox', path, box)
    expect([status, out, err]).toEqual([
      0,
      expect.stringContaining('imported 22 messages') as string,
      expect.stringContaining('skipped: 100 tags; a user can have at most 1000') as string,
    ])
  })
})
