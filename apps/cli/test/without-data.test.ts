import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestDatabase, withDatabases } from '@mairust/db/testing'
import { describe, expect, it } from 'vitest'
import { makeCli, PASSWORD } from './cli.ts'

const COMMANDS = [
  ['domain', 'list'],
  ['domain', 'add', 'example.com'],
  ['user', 'remove', 'ann@example.com'],
  ['api-key', 'create', '--name', 'x', '--scopes', 'read'],
  ['import', 'mbox', 'box', '--mailbox', 'ann@example.com'],
  ['trace', 'jrn_00000000000000000000000000'],
  ['migrate', 'status'],
]

describe('a folder without data', () => {
  it.each(COMMANDS)('is reported and left alone: %s %s', async (...args) => {
    const cli = makeCli()
    try {
      const data = join(cli.folder, 'data')
      expect(await cli.run(args)).toEqual({
        status: 1,
        out: '',
        err: `no MaiRust data in ${data}; run this where the server was started, or set MAIRUST_SERVER__DATA_DIR\n`,
      })
      expect(readdirSync(cli.folder)).toEqual([])
    } finally {
      cli.remove()
    }
  })

  it.each([{ first: ['migrate', 'up'] }, { first: ['admin', 'create', 'root@example.com', '--password-stdin'] }])(
    'is initialized by $first',
    async ({ first }) => {
      const cli = makeCli()
      try {
        expect((await cli.run(first, PASSWORD)).status).toBe(0)
        expect(readdirSync(join(cli.folder, 'data'))).toEqual(
          expect.arrayContaining(['mail', 'mairust.db', 'master.key']),
        )
        expect((await cli.json(['domain', 'add', 'example.com', '--active'])).data['status']).toBe('active')
        expect((await cli.json(['migrate', 'status'])).data['pending']).toEqual([])
        const key = await cli.run(['api-key', 'create', '--name', 'x', '--scopes', 'read'])
        if (first.includes('admin')) expect(key.status).toBe(0)
        else expect(key).toMatchObject({ status: 1, err: expect.stringContaining('no administrator yet') as string })
      } finally {
        cli.remove()
      }
    },
  )
})

describe('a folder that lost a part of its data', () => {
  it.each([
    ['domain', 'list'],
    ['migrate', 'up'],
    ['admin', 'create', 'two@example.com', '--password-stdin'],
  ])('names an empty message store beside messages, and leaves it empty: %s %s', async (...args) => {
    const cli = makeCli()
    try {
      expect((await cli.run(['admin', 'create', 'root@example.com', '--password-stdin'], PASSWORD)).status).toBe(0)
      await cli.run(['domain', 'add', 'example.com', '--active'])
      await cli.run(['mailbox', 'add', 'root@example.com', '--user', 'root@example.com'])
      const box = join(cli.folder, 'box')
      writeFileSync(box, 'From a@b.example Mon Jan  1 00:00:00 2024\nSubject: x\n\nhello\n')
      expect((await cli.run(['import', 'mbox', box, '--mailbox', 'root@example.com'])).status).toBe(0)
      const mail = join(cli.folder, 'data/mail')
      rmSync(mail, { recursive: true })
      mkdirSync(mail)
      expect(await cli.run(args, PASSWORD)).toMatchObject({
        status: 1,
        err: expect.stringContaining(`${mail} is empty, but the database has messages; mount its volume`) as string,
      })
      expect(readdirSync(mail)).toEqual([])
    } finally {
      cli.remove()
    }
  })

  it('names a missing master key', async () => {
    const cli = makeCli()
    try {
      expect((await cli.run(['migrate', 'up'])).status).toBe(0)
      const key = join(cli.folder, 'data/master.key')
      rmSync(key)
      expect(await cli.run(['domain', 'list'])).toMatchObject({
        status: 1,
        err: `${key} is missing, and the database was used with it; restore it from the backup, or set MAIRUST_MASTER_KEY\n`,
      })
    } finally {
      cli.remove()
    }
  })
})

withDatabases((get) => {
  it('is reported even when the database is elsewhere', async () => {
    const cli = makeCli(get().options)
    try {
      const { status, err } = await cli.run(['domain', 'list'])
      expect([status, err]).toEqual([1, expect.stringContaining(`no MaiRust data in ${join(cli.folder, 'data')};`)])
      // A configured key does not tell where the mail is.
      cli.env['MAIRUST_MASTER_KEY'] = Buffer.alloc(32).toString('base64')
      expect((await cli.run(['domain', 'list'])).err).toContain(
        `no MaiRust data in ${join(cli.folder, 'data', 'mail')};`,
      )
      expect(readdirSync(cli.folder)).toEqual([])
    } finally {
      cli.remove()
    }
  })

  it('is not initialized in a database without tables', async () => {
    const { options, drop } = await createTestDatabase(get().dialect, { empty: true })
    const cli = makeCli(options)
    try {
      for (const args of COMMANDS) {
        expect(await cli.run(args)).toMatchObject({
          status: 1,
          err: expect.stringContaining('run "mairust migrate up" first') as string,
        })
      }
      expect(readdirSync(cli.folder)).toEqual([])
      expect((await cli.json(['migrate', 'up'])).data['applied']).toContain('0000_initial')
      expect((await cli.json(['domain', 'list'])).data).toEqual([])
    } finally {
      cli.remove()
      await drop()
    }
  })
})
