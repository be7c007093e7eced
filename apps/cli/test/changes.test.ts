import { withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cli, makeCli, PASSWORD } from './cli.ts'

withDatabases((get) => {
  let cli: Cli
  beforeAll(async () => {
    cli = makeCli(get().options)
    await cli.json(['admin', 'create', 'root@example.com', '--password-stdin'], PASSWORD)
    await cli.json(['domain', 'add', 'example.com', '--active'])
    await cli.json(['user', 'add', 'ann@example.com', '--password-stdin'], PASSWORD)
    await cli.json(['mailbox', 'add', 'ann@example.com'])
  })
  afterAll(() => cli.remove())
  const changed = async (...args: string[]) => (await cli.json(args)).data

  it('activates, suspends, changes and removes domains', async () => {
    await cli.json(['domain', 'add', 'example.org'])
    expect(await changed('domain', 'activate', 'Example.org')).toMatchObject({ status: 'active' })
    expect(await cli.run(['domain', 'suspend', 'example.org'])).toEqual({
      status: 0,
      out: 'example.org is suspended\n',
      err: '',
    })
    expect(await changed('domain', 'activate', 'example.org')).toMatchObject({ status: 'active' })
    const { data: domains } = await cli.json(['domain', 'list'])
    const { id } = domains.find(({ name }) => name === 'example.com') ?? {}
    expect(await changed('domain', 'change', 'example.org', '--alias-of', 'example.com')).toMatchObject({
      alias_of_id: id,
    })
    expect((await cli.run(['domain', 'list'])).out).toMatch(/example\.org +active +example\.com/)
    expect(await changed('domain', 'change', 'example.org', '--no-alias-of')).toMatchObject({ alias_of_id: null })
    expect(await changed('domain', 'change', 'example.org', '--dmarc', 'junk')).toMatchObject({ dmarc: 'junk' })
    expect(await changed('domain', 'change', 'example.org', '--dmarc', 'default')).toMatchObject({ dmarc: null })
    expect(await changed('domain', 'remove', 'example.org')).toMatchObject({ deleted: true })
    const kept = await cli.run(['domain', 'remove', 'example.com'])
    expect([kept.status, kept.err]).toEqual([1, expect.stringContaining('mailboxes')])
  })

  it('changes name, role, address and suspension of users', async () => {
    const change = (...args: string[]) => changed('user', 'change', 'ann@example.com', ...args)
    expect(await change('--name', 'Ann', '--role', 'tenant_admin')).toMatchObject({ name: 'Ann', role: 'tenant_admin' })
    expect(await change('--suspend')).toMatchObject({ suspended: true })
    expect((await cli.run(['user', 'list'])).out).toMatch(/ann@example\.com +tenant_admin +suspended/)
    expect(await change('--unsuspend')).toMatchObject({ suspended: false, role: 'tenant_admin' })
    expect(await change('--email', 'anna@example.com')).toMatchObject({ email: 'anna@example.com' })
    expect(await changed('user', 'change', 'anna@example.com', '--email', 'ann@example.com')).toMatchObject({
      name: 'Ann',
    })
    expect((await cli.run(['user', 'change', 'ann@example.com', '--suspend', '--unsuspend'])).status).toBe(2)
    expect((await cli.run(['user', 'change', 'root@example.com', '--suspend'])).err).toContain('last administrator')
  })

  it('changes owner, quota, name and address of mailboxes', async () => {
    const change = (...args: string[]) => changed('mailbox', 'change', 'ann@example.com', ...args)
    const { data: users } = await cli.json(['user', 'list'])
    const { id } = users.find(({ email }) => email === 'ann@example.com') ?? {}
    expect(await change('--user', 'ann@example.com', '--quota-mb', '5', '--display-name', 'Ann')).toMatchObject({
      user_id: id,
      quota_bytes: 5_242_880,
      display_name: 'Ann',
    })
    expect((await cli.run(['mailbox', 'list'])).out).toMatch(
      /ann@example\.com +ann@example\.com +0\.0 MB +5\.0 MB +Ann\n/,
    )
    expect(await change('--no-quota')).toMatchObject({ quota_bytes: null, user_id: id })
    expect(await change('--no-user')).toMatchObject({ user_id: null, display_name: 'Ann' })
    expect(await change('--address', 'box@example.com')).toMatchObject({ address: 'box@example.com' })
    expect(await changed('mailbox', 'change', 'box@example.com', '--address', 'ann@example.com')).toMatchObject({
      address: 'ann@example.com',
    })
    const { status } = await cli.run(['mailbox', 'change', 'ann@example.com', '--user', 'nobody@example.com'])
    expect(status).toBe(3)
  })

  it('changes aliases', async () => {
    await cli.json(['alias', 'add', 'sales@example.com', 'ann@example.com'])
    const change = (...args: string[]) => changed('alias', 'change', 'sales@example.com', ...args)
    expect(await change('--targets', 'root@example.com', 'x@example.net')).toMatchObject({
      targets: ['root@example.com', 'x@example.net'],
    })
    expect(await change('--disable')).toMatchObject({ enabled: false })
    expect(await change('--enable')).toMatchObject({ enabled: true })
    expect(await change('--address', 'orders@example.com')).toMatchObject({ address: 'orders@example.com' })
  })

  it('creates keys with the given expiry', async () => {
    const create = (...more: string[]) => ['api-key', 'create', '--name', 'ci', '--scopes', 'read', ...more]
    expect(await changed(...create('--expires', '2099-01-31'))).toMatchObject({
      expires_at: '2099-02-01T00:00:00.000Z',
    })
    expect(await changed(...create('--expires', '2099-01-31T12:00:00+01:00'))).toMatchObject({
      expires_at: '2099-01-31T11:00:00.000Z',
    })
    expect(await changed(...create('--expires', 'never'))).toMatchObject({ expires_at: null })
    const { expires_at: soon } = await changed(...create('--expires', '30d'))
    const days = (Date.parse(String(soon)) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(29)
    expect(days).toBeLessThanOrEqual(30)
    for (const wrong of ['soon', '2001-01-01', '31.01.2099', '2099-13-01'])
      expect((await cli.run(create('--expires', wrong))).status).toBe(2)
  })

  describe('a mistake', () => {
    it.each([
      [['domain', 'suspend', 'exmaple.com'], 'there is no domain exmaple.com (did you mean example.com?)', 3],
      [['user', 'remove', 'an@example.com'], 'there is no user an@example.com (did you mean ann@example.com?)', 3],
      [
        ['mailbox', 'remove', 'anne@example.com'],
        'there is no mailbox anne@example.com (did you mean ann@example.com?)',
        3,
      ],
      [['mailbox', 'remove', 'someone.else@example.net'], 'there is no mailbox someone.else@example.net\n', 3],
      [['domain', 'activat', 'example.com'], '(Did you mean activate?)', 2],
      [['mailbox', 'add', 'x@example.com', '--quota', '5'], '(Did you mean --quota-mb?)', 2],
      [['domain', 'remove'], "missing required argument 'name'", 2],
      [['user', 'change', 'ann@example.com'], 'nothing to change: give one of --email, --name, --role', 2],
      [['mailbox', 'change', 'ann@example.com'], 'nothing to change: give one of --address, --user', 2],
      [['domain', 'change', 'example.com'], 'nothing to change: give one of --alias-of, --no-alias-of', 2],
      [['alias', 'change', 'x@example.com'], 'nothing to change: give one of --address, --targets', 2],
    ])('is explained: %j', async (args, text, status) => {
      const said = await cli.run(args)
      expect(said.err).toContain(text)
      expect([said.status, said.out]).toEqual([status, ''])
    })
  })
})
