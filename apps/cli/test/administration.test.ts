import { withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cli, makeCli, PASSWORD } from './cli.ts'

withDatabases((get) => {
  let cli: Cli
  beforeAll(async () => {
    cli = makeCli(get().options)
    await cli.json(['admin', 'create', 'Root@Example.com', '--password-stdin'], `${PASSWORD}\n`)
  })
  afterAll(() => cli.remove())

  it('creates administrators, who are users', async () => {
    const { data, pagination } = await cli.json(['user', 'list'])
    expect(data).toEqual([
      expect.objectContaining({ email: 'root@example.com', role: 'super_admin', suspended: false }),
    ])
    expect(pagination).toEqual({ cursor: null, has_more: false })
  })

  it('adds and lists domains', async () => {
    expect(await cli.json(['domain', 'add', 'example.com', '--active'])).toMatchObject({
      data: { name: 'example.com', status: 'active' },
    })
    expect(await cli.json(['domain', 'add', 'example.org'])).toMatchObject({ data: { status: 'pending' } })
    const { status, err } = await cli.run(['domain', 'add', 'example.org'])
    expect([status, err]).toEqual([1, 'This domain already exists.\n'])
    const { out } = await cli.run(['domain', 'list'])
    expect(out.split('\n').map((line) => line.split(/ +/).slice(1, 3).join(' '))).toEqual([
      'NAME STATUS',
      'example.com active',
      'example.org pending',
      '',
    ])
    const records = await cli.json(['domain', 'dns', 'example.org'])
    expect(records.data.map((record) => record['type'])).toContain('MX')
    expect((await cli.run(['domain', 'dns', 'example.net'])).status).toBe(3)
    // No resolver answers at this address, which counts as not found.
    cli.env['MAIRUST_DNS__SERVERS'] = '127.0.0.1:9'
    cli.env['MAIRUST_DNS__TIMEOUT_MS'] = '100'
    const unproved = await cli.run(['domain', 'verify', 'example.org'])
    expect([unproved.status, unproved.out]).toEqual([
      4,
      expect.stringContaining('_mairust-verify.example.org TXT mairust-verify='),
    ])
  })

  it('adds and removes users', async () => {
    const added = await cli.json(
      ['user', 'add', 'ann@example.com', '--password-stdin', '--name', 'Ann', '--role', 'tenant_admin'],
      PASSWORD,
    )
    expect(added).toMatchObject({ data: { email: 'ann@example.com', role: 'tenant_admin', name: 'Ann' } })
    const id = added.data['id']
    expect(await cli.json(['user', 'remove', 'ANN@example.com'])).toEqual({ data: { id, deleted: true } })
    expect(await cli.run(['user', 'remove', 'ann@example.com'])).toMatchObject({
      status: 3,
      err: 'there is no user ann@example.com\n',
    })
  })

  it('refuses weak passwords, unknown roles and passwords without a terminal', async () => {
    expect(await cli.run(['user', 'add', 'bob@example.com', '--password-stdin'], 'short')).toMatchObject({
      status: 2,
      out: '',
    })
    expect((await cli.run(['user', 'add', 'bob@example.com', '--password-stdin'], 'x'.repeat(5000))).status).toBe(2)
    expect(
      (await cli.run(['user', 'add', 'bob@example.com', '--role', 'king', '--password-stdin'], PASSWORD)).status,
    ).toBe(2)
    expect(await cli.run(['user', 'add', 'bob@example.com'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('--password-stdin') as string,
    })
    expect((await cli.json(['user', 'list'])).data).toHaveLength(1)
  })

  it('adds, lists and removes mailboxes and aliases', async () => {
    const made = await cli.json([
      'mailbox',
      'add',
      'root@example.com',
      '--user',
      'root@example.com',
      '--quota-mb',
      '10',
      '--display-name',
      'Root',
    ])
    expect(made).toMatchObject({ data: { address: 'root@example.com', quota_bytes: 10_485_760, display_name: 'Root' } })
    expect((await cli.run(['mailbox', 'add', 'a@example.com', '--user', 'nobody@example.com'])).status).toBe(3)
    expect((await cli.run(['mailbox', 'add', 'a@example.com', '--quota-mb', '-1'])).status).toBe(2)
    expect((await cli.run(['mailbox', 'list'])).out).toMatch(
      /root@example\.com +root@example\.com +0\.0 MB +10\.0 MB +Root\n$/,
    )

    expect(await cli.json(['alias', 'add', 'sales@example.com', 'root@example.com', 'x@example.net'])).toMatchObject({
      data: { address: 'sales@example.com', targets: ['root@example.com', 'x@example.net'], enabled: true },
    })
    expect((await cli.run(['alias', 'list'])).out).toMatch(/no +root@example\.com, x@example\.net/)
    const change = (word: string) => cli.run(['alias', 'change', 'sales@example.com', '--may-send-as', word])
    expect(await change('yes')).toMatchObject({ status: 0 })
    expect((await cli.json(['alias', 'list'])).data[0]).toMatchObject({ may_send_as: true })
    expect(await change('no')).toMatchObject({ status: 0 })
    expect((await cli.json(['alias', 'list'])).data[0]).toMatchObject({ may_send_as: false })
    expect((await change('perhaps')).status).toBe(2)
    expect(await cli.run(['alias', 'remove', 'sales@example.com'])).toMatchObject({
      status: 0,
      out: 'removed sales@example.com\n',
    })
    expect(await cli.json(['mailbox', 'remove', 'root@example.com'])).toEqual({
      data: { id: made.data['id'], deleted: true },
    })
    expect((await cli.json(['mailbox', 'list'])).data).toEqual([])
  })

  it('creates API keys for the oldest administrator or a given user, and revokes them', async () => {
    const { data } = await cli.json(['api-key', 'create', '--name', 'ci', '--scopes', 'read, write'])
    expect(data['id']).toMatch(/^key_[0-9a-z]{26}$/)
    expect(data['key']).toMatch(/^mk_live_\w{8}_[\w-]{43}_\w{6}$/)
    const plain = await cli.run([
      'api-key',
      'create',
      '--name',
      'other',
      '--scopes',
      'admin',
      '--user',
      'root@example.com',
    ])
    expect(plain.out).toMatch(/^mk_live_\S+\n$/)
    expect((await cli.run(['api-key', 'list'])).out).toMatch(/ci +root@example\.com +read,write +active /)
    expect(await cli.json(['api-key', 'revoke', String(data['id'])])).toEqual({
      data: { id: data['id'], deleted: true },
    })
    expect((await cli.run(['api-key', 'revoke', 'other'])).status).toBe(0)
    expect((await cli.run(['api-key', 'revoke', 'other'])).status).toBe(3)
    expect((await cli.run(['api-key', 'create', '--name', 'x', '--scopes', 'read,fly'])).status).toBe(2)
  })

  it('revokes a key by name only when the name is unique', async () => {
    const make = async () => (await cli.json(['api-key', 'create', '--name', 'twin', '--scopes', 'read'])).data['id']
    const ids = [await make(), await make()].map(String)
    const refused = await cli.run(['api-key', 'revoke', 'twin'])
    expect(refused.status).toBe(1)
    for (const id of ids) expect(refused.err).toContain(id)
    expect((await cli.json(['api-key', 'list'])).data.filter(({ name }) => name === 'twin')).toHaveLength(2)
    expect((await cli.run(['api-key', 'revoke', ids[0] ?? ''])).status).toBe(0)
    expect((await cli.run(['api-key', 'revoke', 'twin'])).status).toBe(0)
  })

  it('finds domains and addresses by their Unicode form', async () => {
    const run = async (...args: string[]) => (await cli.run(args, PASSWORD)).status
    expect(await run('domain', 'add', 'Bücher.example', '--active')).toBe(0)
    expect(await run('domain', 'dns', 'Bücher.example')).toBe(0)
    expect(await run('domain', 'add', 'also.example', '--alias-of', 'BÜCHER.example')).toBe(0)
    expect(await run('user', 'add', 'Anna@Bücher.example', '--password-stdin')).toBe(0)
    expect(await run('mailbox', 'add', 'anna@Bücher.example', '--user', 'anna@bücher.example')).toBe(0)
    expect(await run('alias', 'add', '*@Bücher.example', 'anna@bücher.example')).toBe(0)
    const key = ['api-key', 'create', '--name', 'idn', '--scopes', 'read', '--user', 'anna@Bücher.example']
    expect(await run(...key)).toBe(0)
    expect(await run('alias', 'remove', '*@bücher.EXAMPLE')).toBe(0)
    expect(await run('mailbox', 'remove', 'anna@Bücher.example')).toBe(0)
    expect(await run('user', 'remove', 'anna@Bücher.example')).toBe(0)
  })

  it('names the field that is wrong', async () => {
    expect(await cli.run(['domain', 'add', 'x'.repeat(300)])).toEqual({
      status: 2,
      out: '',
      err: expect.stringContaining('name: must have at most 253 characters') as string,
    })
  })

  it('resets passwords', async () => {
    const reset = await cli.run(
      ['admin', 'reset-password', 'root@example.com', '--password-stdin'],
      'another long password\n',
    )
    expect(reset).toMatchObject({ status: 0, out: expect.stringContaining('ended all sessions') as string })
    expect(
      (await cli.run(['admin', 'reset-password', 'nobody@example.com', '--password-stdin'], PASSWORD)).status,
    ).toBe(3)
  })

  it('exits with 3 for unknown ids', async () => {
    expect((await cli.run(['trace', 'jrn_00000000000000000000000000'])).status).toBe(3)
    expect((await cli.run(['trace', 'msg_00000000000000000000000000'])).status).toBe(3)
    expect((await cli.run(['trace', 'something'])).status).toBe(2)
  })
})
