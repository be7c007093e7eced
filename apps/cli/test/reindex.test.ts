import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { releaseLease, takeLease } from '@mairust/db/queries/lease'
import { countOutdated } from '@mairust/db/queries/reindex'
import { withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCli } from '../src/cli.ts'
import { type Cli, makeCli, PASSWORD } from './cli.ts'

withDatabases((get) => {
  let cli: Cli
  const BOXES = ['root@example.com', 'other@example.com'] as const
  const objects = () => globSync('data/**/????????-????-????-????-????????????', { cwd: cli.folder })
  const outdate = async (): Promise<void> => {
    const { db } = get()
    await db.update(db.tables.messages).set({ indexVersion: 0, subject: 'old' })
  }
  const subjects = async () => {
    const { db } = get()
    const rows = await db.select({ subject: db.tables.messages.subject }).from(db.tables.messages)
    return rows.map(({ subject }) => subject).sort()
  }

  beforeAll(async () => {
    cli = makeCli(get().options)
    await cli.json(['admin', 'create', BOXES[0], '--password-stdin'], PASSWORD)
    await cli.json(['domain', 'add', 'example.com', '--active'])
    for (const box of BOXES) {
      await cli.json(['mailbox', 'add', box])
      const folder = join(cli.folder, box, 'cur')
      mkdirSync(folder, { recursive: true })
      for (const n of [1, 2]) writeFileSync(join(folder, `170000000${n}.a:2,S`), `Subject: ${box} ${n}\n\ntext\n`)
      await cli.json(['import', 'maildir', join(cli.folder, box), '--mailbox', box])
    }
  })
  afterAll(() => cli.remove())

  it('reindexes what an older version has indexed, in one mailbox or all', async () => {
    await outdate()
    const one = await cli.run(['reindex', '--mailbox', BOXES[0]])
    expect(one).toEqual({ status: 0, out: 'indexed 2 messages\n', err: '' })
    expect(await subjects()).toEqual(['old', 'old', `${BOXES[0]} 1`, `${BOXES[0]} 2`])
    expect((await cli.json(['reindex'])).data).toEqual({ indexed: 2, missing: 0, damaged: 0, unreadable: 0 })
    expect(await subjects()).toEqual([...BOXES].sort().flatMap((box) => [`${box} 1`, `${box} 2`]))
    expect((await cli.run(['reindex'])).out).toBe('indexed 0 messages\n')
    expect((await cli.run(['reindex', '--all', '--mailbox', BOXES[1]])).out).toBe('indexed 2 messages\n')
    expect((await cli.run(['reindex', '--all'])).out).toBe('indexed 4 messages\n')
  })

  it('waits until a server that is reindexing releases the lease', async () => {
    await outdate()
    const { db } = get()
    const lease = { job: 'reindex', holder: 'a server' }
    await takeLease(db, { ...lease, now: new Date(), forMs: 60_000 })
    const said: string[] = []
    const err = (text: string): void => {
      said.push(text)
      void releaseLease(db, lease)
    }
    const io = { env: cli.env, cwd: cli.folder, stdin: process.stdin, out: () => undefined, err }
    expect(await runCli(['reindex'], io)).toBe(0)
    expect(said).toEqual(['waiting for another process that is reindexing\n'])
    expect(await countOutdated(db)).toBe(0)
  })

  it('stops in order on SIGTERM, and continues when run again', async () => {
    await outdate()
    const run = cli.run(['reindex'])
    process.emit('SIGTERM')
    const { status, err } = await run
    expect([status, err]).toEqual([
      1,
      expect.stringMatching(/^stopped after \d+ messages; run this again to continue\n$/),
    ])
    expect((await cli.run(['reindex'])).status).toBe(0)
    expect(await countOutdated(get().db)).toBe(0)
  })

  it('says that a mailbox does not exist, and which messages could not be indexed', async () => {
    expect((await cli.run(['reindex', '--mailbox', 'nobody@example.com'])).status).toBe(3)
    await outdate()
    rmSync(join(cli.folder, objects()[0] ?? ''))
    const { status, out, err } = await cli.run(['reindex'])
    expect([status, out]).toEqual([1, 'indexed 3 messages; left as they were: 1 missing\n'])
    expect(err).toMatch(/^not indexed: msg_[0-9a-z]{26} \(missing\)\nmessages that could not be indexed: 1\n$/)
    expect((await cli.run(['reindex'])).status).toBe(0)
  })
})
