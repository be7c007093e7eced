import { openDatabase } from '@mairust/db'
import { withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cli, makeCli, PASSWORD } from './cli.ts'

withDatabases((get) => {
  let cli: Cli
  beforeAll(async () => {
    cli = makeCli(get().options)
    await cli.json(['admin', 'create', 'root@example.com', '--password-stdin'], PASSWORD)
    await cli.json(['user', 'add', 'ann@example.com', '--password-stdin', '--role', 'tenant_admin'], PASSWORD)
    await cli.json(['domain', 'add', 'example.com', '--active'])
  })
  afterAll(() => cli.remove())

  /** Changes the database directly, as if time had passed. */
  async function change(work: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<unknown>) {
    const database = await openDatabase(get().options)
    await work(database)
    await database.close()
  }
  /** The cells of the row with this name. */
  const row = async (list: string, name: string): Promise<string[]> => {
    const { out } = await cli.run([list, 'list'])
    const line = out.split('\n').find((each) => each.includes(` ${name} `)) ?? ''
    return line.split(/ {2,}/)
  }

  describe('a list shows what an operator needs', () => {
    it('for keys: restrictions, status with its reason, last use and user', async () => {
      const make = (name: string, user = 'root@example.com') =>
        cli.json(['api-key', 'create', '--name', name, '--scopes', 'read', '--user', user])
      await make('old')
      await change(({ db }) => db.update(db.tables.apiKeys).set({ expiresAt: new Date('2026-01-01T00:00:00Z') }))
      expect((await row('api-key', 'old')).slice(4, 7)).toEqual(['expired', '2026-01-01T00:00:00.000Z', 'never'])
      await make('narrowed')
      const scopes = [
        { scope: 'read' as const, domains: ['example.com'], mailboxes: ['ann@example.com'] },
        { scope: 'send' as const },
      ]
      const used = { lastUsedAt: new Date('2026-11-01T00:00:00Z'), lastUsedIp: '192.0.2.9' }
      await change(({ db }) => db.update(db.tables.apiKeys).set({ scopes, ...used }))
      expect((await row('api-key', 'narrowed')).slice(2)).toEqual([
        'root@example.com',
        'read[example.com ann@example.com],send',
        'active',
        expect.stringMatching(/^\d{4}-/),
        '2026-11-01T00:00:00.000Z from 192.0.2.9',
        'command line',
      ])
      await make('of-ann', 'ann@example.com')
      await cli.json(['user', 'change', 'ann@example.com', '--role', 'user'])
      expect((await row('api-key', 'of-ann'))[4]).toBe('reduced: role lost')
      await cli.json(['user', 'change', 'ann@example.com', '--suspend'])
      expect((await row('api-key', 'of-ann'))[4]).toBe('ended: user suspended')
    })

    it('for mailboxes: which are full', async () => {
      await cli.json(['mailbox', 'add', 'ann@example.com', '--quota-mb', '1', '--display-name', 'Ann'])
      expect((await row('mailbox', 'ann@example.com')).slice(2)).toEqual(['-', '0.0 MB', '1.0 MB', 'Ann'])
      await change(({ db }) => db.update(db.tables.mailboxes).set({ usedBytes: 1_048_576 }))
      expect((await row('mailbox', 'ann@example.com'))[4]).toBe('1.0 MB (full)')
    })
  })
})
