import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readMaildir } from '../src/import/maildir.ts'
import type { Preparer } from '../src/import/preparer.ts'
import { importMessages } from '../src/import/store.ts'
import { withServices } from '../src/services.ts'
import { type Cli, makeCli, PASSWORD } from './cli.ts'

const letter = (subject: string): string =>
  `From: Ann <ann@example.org>\nTo: root@example.com\nSubject: ${subject}\n\n東京の天気\n`

withDatabases((get) => {
  let cli: Cli
  let maildir: string
  const file = (name: string, content: string): void => {
    mkdirSync(join(cli.folder, name, '..'), { recursive: true })
    writeFileSync(join(cli.folder, name), content)
  }
  const io = () => ({ env: cli.env, cwd: cli.folder, stdin: process.stdin, out: () => undefined, err: () => undefined })
  const messages = async (folder: string) => {
    const { getRawMessage, listMessages } = await import('@mairust/api/services')
    return withServices(io(), async (ctx) => {
      const { data } = await listMessages({ ctx, input: { mailbox: 'root@example.com', folder } })
      const { id } = data[0] ?? { id: '' }
      const chunks: Uint8Array[] = []
      if (id !== '') {
        const { open } = await getRawMessage({ ctx, input: { id } })
        for await (const chunk of (await open()) as AsyncIterable<Uint8Array>) chunks.push(chunk)
      }
      return { data, raw: Buffer.concat(chunks).toString() }
    })
  }

  beforeAll(async () => {
    cli = makeCli(get().options)
    maildir = join(cli.folder, 'Maildir')
    await cli.json(['admin', 'create', 'root@example.com', '--password-stdin'], PASSWORD)
    await cli.json(['domain', 'add', 'example.com', '--active'])
    await cli.json(['mailbox', 'add', 'root@example.com', '--quota-mb', '1'])
    file('Maildir/cur/1700000000.a:2,FS', letter('seen and starred'))
    file('Maildir/new/1700000001.b', letter('new'))
    file('Maildir/.Sent Items/cur/1700000002.c:2,S', letter('sent'))
    file('Maildir/.Work.2026/cur/1700000003.d:2,S', letter('work'))
  })
  afterAll(() => cli.remove())

  it('brings in a maildir with its flags, times and folders', async () => {
    const { data } = await cli.json(['import', 'maildir', maildir, '--mailbox', 'root@example.com'])
    expect(data).toMatchObject({ imported: 4, unreadable: 0 })
    const inbox = await messages('inbox')
    expect(inbox.data.map(({ subject, seen, starred, received_at: at }) => ({ subject, seen, starred, at }))).toEqual([
      { subject: 'new', seen: false, starred: false, at: '2023-11-14T22:13:21.000Z' },
      { subject: 'seen and starred', seen: true, starred: true, at: '2023-11-14T22:13:20.000Z' },
    ])
    expect(inbox.raw).toBe(letter('new').replaceAll('\n', '\r\n'))
    expect((await messages('sent')).data.map(({ subject }) => subject)).toEqual(['sent'])
    expect((await messages('Work/2026')).data.map(({ subject }) => subject)).toEqual(['work'])
  })

  it('brings an mbox into a folder, beyond the quota, in several transactions', async () => {
    const body = 'x'.repeat(70).concat('\n').repeat(100)
    const box = Array.from(
      { length: 600 },
      (_, n) => `From a@example.org Fri Jul  8 12:08:34 2011\n${letter(`number ${n}`)}${body}\n`,
    )
    file('box', box.join(''))
    const { status, out } = await cli.run([
      'import',
      'mbox',
      join(cli.folder, 'box'),
      '--mailbox',
      'root@example.com',
      '--folder',
      'Old mail',
    ])
    expect([status, out]).toEqual([0, expect.stringMatching(/^imported 600 messages in /)])
    const { data } = await cli.json(['mailbox', 'list'])
    expect(data[0]?.['used_bytes']).toBeGreaterThan(600 * 7000)
    const found = await messages('Old mail')
    expect(found.data).toHaveLength(50)
    const traced = await cli.run(['trace', String(found.data[0]?.id)])
    expect(traced.out).toMatch(/<ann@example\.org> to <root@example\.com>\nimported\n.*store import: ok command line/s)
  })

  it('leaves out what ends its reader, and says how many', async () => {
    const preparer: Preparer = {
      prepare: (raws) => Promise.resolve(raws.map(() => null)),
      close: () => Promise.resolve(),
    }
    const result = await withServices(io(), (ctx) => {
      const target = { mailboxId: 'mbx_x', address: 'root@example.com', folderFor: () => Promise.resolve(undefined) }
      return importMessages(ctx, target, { preparer, messages: readMaildir(maildir) })
    })
    expect(result).toEqual({ imported: 0, unreadable: 4, bytes: 0 })
  })

  it('refuses what is not there', async () => {
    expect((await cli.run(['import', 'maildir', maildir, '--mailbox', 'nobody@example.com'])).status).toBe(3)
    expect((await cli.run(['import', 'maildir', maildir])).status).toBe(2)
    expect(await cli.run(['import', 'maildir', cli.folder, '--mailbox', 'root@example.com'])).toMatchObject({
      status: 1,
      err: expect.stringContaining('is not a maildir') as string,
    })
    expect((await cli.run(['import', 'mbox', join(cli.folder, 'none'), '--mailbox', 'root@example.com'])).status).toBe(
      1,
    )
  })
})
