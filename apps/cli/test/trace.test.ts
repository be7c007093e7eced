import { createId, openDatabase } from '@mairust/db'
import { recordJourneys } from '@mairust/db/queries/accept'
import { findFirstTenant } from '@mairust/db/queries/tenant'
import { makeItem, withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cli, makeCli, PASSWORD } from './cli.ts'

withDatabases((get) => {
  let cli: Cli
  const ids = { accepted: createId('jrn'), refused: createId('jrn') }

  beforeAll(async () => {
    cli = makeCli(get().options)
    await cli.json(['admin', 'create', 'root@example.com', '--password-stdin'], PASSWORD)
    const database = await openDatabase(get().options)
    const tenantId = (await findFirstTenant(database.db))?.id ?? ''
    const { journey } = makeItem({ tenantId, id: 'mbx_x' })
    const to = { tenantId, address: 'ann@example.com', reply: '250 Ok' }
    const step = {
      at: '2026-11-01T00:00:00.000Z',
      ms: 1,
      kind: 'rcpt',
      name: 'bob@example.com',
      detail: 'unknown',
    } as const
    await database.db.transaction((tx) =>
      recordJourneys(tx, [
        { ...journey, id: ids.accepted, recipients: [{ ...to, status: 'accepted' }] },
        {
          ...journey,
          id: ids.refused,
          status: 'refused',
          reply: '550 5.1.1 No such mailbox here',
          remoteAddress: '198.51.100.7',
          startedAt: new Date('2026-11-01T00:00:00Z'),
          steps: [{ ...step, result: 'refused', recipient: 'bob@example.com' }],
          recipients: [
            {
              ...to,
              address: 'bob@example.com',
              status: 'refused',
              reply: '550 5.1.1 No such mailbox here',
              reason: 'unknown',
            },
          ],
        },
      ]),
    )
    await database.close()
  })
  afterAll(() => cli.remove())

  describe('“my mail did not arrive”', () => {
    it('is answered by a search for the address, and by the journey it finds', async () => {
      const { out } = await cli.run(['trace', '--address', 'Bob@example.com'])
      expect(out).toMatch(new RegExp(`^JOURNEY .*\n${ids.refused}  2026-11-01T00:00:00.000Z  refused .*unknown\n$`))
      const one = await cli.run(['trace', ids.refused])
      expect(one.out).toContain('bob@example.com: refused 550 5.1.1 No such mailbox here')
      expect(one.out).toContain('rcpt bob@example.com: refused unknown')
    })

    it.each([
      [['--status', 'refused'], ['refused']],
      [['--reason', 'unknown'], ['refused']],
      [['--remote-address', '198.51.100.7'], ['refused']],
      [['--before', '2026-11-02'], ['refused']],
      [['--after', '1h'], ['accepted']],
      [['--direction', 'submission'], []],
      [['--message-id', 'nobody@example.net'], []],
      [['--limit', '1'], ['accepted']],
    ] as const)('is narrowed by %j', async (options, expected) => {
      const { data } = await cli.json(['trace', ...options])
      expect(data.map(({ id }) => id)).toEqual(expected.map((name) => ids[name]))
    })

    it('is paged, and rejects wrong options', async () => {
      const { pagination } = await cli.json(['trace', '--limit', '1'])
      const next = await cli.json(['trace', '--limit', '1', '--cursor', String(pagination?.cursor)])
      expect(next.data.map(({ id }) => id)).toEqual([ids.refused])
      expect((await cli.run(['trace', '--limit', '1'])).out).toContain('there are more')
      for (const options of [
        ['--after', 'yesterday'],
        ['--status', 'lost'],
        ['--limit', 'all'],
      ]) {
        expect((await cli.run(['trace', ...options])).status).toBe(2)
      }
    })
  })

  describe('“I cannot log in”', () => {
    it('is answered by suspension, lockouts and latest failures', async () => {
      const { verifyLogin } = await import('@mairust/api/services')
      const { withServices } = await import('../src/services.ts')
      const io = { env: cli.env, cwd: cli.folder, stdin: process.stdin, out: () => undefined, err: () => undefined }
      const attempt = {
        email: 'root@example.com',
        password: 'wrong',
        address: '192.0.2.1',
        via: 'submission',
        requestId: 'x',
      } as const
      await withServices(io, async (ctx) => {
        for (let tries = 0; tries < 5; tries += 1) await verifyLogin(ctx, attempt)
      })
      const { out } = await cli.run(['user', 'show', 'root@example.com'])
      expect(out).toContain('locked for 192.0.2.1 until ')
      expect(out).toMatch(/auth\.login_failed {2}192\.0\.2\.1 {2}submission {2}wrong_password/)
      const { data } = await cli.json(['user', 'show', 'root@example.com'])
      expect(data).toMatchObject({ email: 'root@example.com', sign_in: { locks: [{ remote_address: '192.0.2.1' }] } })
      await cli.run(['admin', 'reset-password', 'root@example.com', '--password-stdin'], 'another quiet harbour\n')
      expect((await cli.run(['user', 'show', 'root@example.com'])).out).not.toContain('locked')
      expect((await cli.run(['user', 'show', 'nobody@example.com'])).status).toBe(3)
    })
  })

  it('escapes terminal and bidi control characters in addresses', async () => {
    const sender = 'eve\u202E\u2066@example.com'
    const id = createId('jrn')
    const database = await openDatabase(get().options)
    const tenantId = (await findFirstTenant(database.db))?.id ?? ''
    const { journey } = makeItem({ tenantId, id: 'mbx_x' })
    const hostile = { ...journey, id, sender, reply: '250 \u001B[2J', recipients: [] }
    await database.db.transaction((tx) => recordJourneys(tx, [hostile]))
    await database.close()
    const [table, one, json] = [
      await cli.run(['trace', '--address', sender]),
      await cli.run(['trace', id]),
      await cli.run(['trace', id, '--json']),
    ]
    for (const { out } of [table, one, json]) {
      expect(out).toContain('eve\\u202e')
      expect(out).not.toMatch(/(?!\n)\p{Cc}|\p{Bidi_Control}/u)
    }
    expect(JSON.parse(json.out)).toMatchObject({ data: { from: sender } })
    expect((await cli.run(['user', 'remove', sender])).err).toContain('eve\\u202e')
  })
})
