import { describe, expect, it } from 'vitest'
import { parseForwardPath } from '../address/index.ts'
import { memoryDirectory, type DirectoryContent } from '../testing/index.ts'
import { replies } from '../smtp/index.ts'
import { checkQuota, quotaAtCommit, resolveRecipient } from './index.ts'

const BASE: DirectoryContent = {
  domains: [
    { name: 'example.com' },
    { name: 'old.example', aliasOf: 'example.com' },
    { name: 'older.example', aliasOf: 'old.example' },
    { name: 'circle.example', aliasOf: 'circle.example' },
    { name: 'stale.example', aliasOf: 'pending.example' },
    { name: 'pending.example', status: 'pending' },
    { name: 'suspended.example', status: 'suspended' },
    { name: 'other.example', tenantId: 'tnt_other' },
  ],
  mailboxes: [
    { address: 'user@example.com' },
    { address: 'second@example.com' },
    { address: 'admin@example.com' },
    { address: 'a+b@example.com' },
    { address: 'full@example.com', quotaBytes: 1000, usedBytes: 1000 },
    { address: 'small@example.com', quotaBytes: 1000, usedBytes: 400 },
    { address: 'gone@example.com', suspended: true },
    { address: 'x@other.example', tenantId: 'tnt_other' },
  ],
  aliases: [
    { address: 'team@example.com', targets: ['user@example.com', 'Second@Example.com', 'nested@example.com'] },
    { address: 'nested@example.com', targets: ['user@example.com', 'admin+inner@example.com'] },
    { address: 'off@example.com', targets: ['user@example.com'], enabled: false },
    { address: 'loop1@example.com', targets: ['loop2@example.com'] },
    { address: 'loop2@example.com', targets: ['loop1@example.com'] },
    { address: 'self@example.com', targets: ['self@example.com', 'user@example.com'] },
    { address: 'out@example.com', targets: ['someone@elsewhere.example'] },
    {
      address: 'mixed@example.com',
      targets: ['user@example.com', 'x@other.example', 'nobody@example.com'],
    },
    { address: 'crowd@example.com', targets: ['user@example.com', 'full@example.com'] },
    { address: 'dead@example.com', targets: ['nobody@example.com', 'full@example.com'] },
    { address: 'broken@example.com', targets: ['not an address'] },
  ],
  postmaster: 'admin@example.com',
}

async function resolve(
  text: string,
  { size = null, ...extra }: Partial<DirectoryContent> & { size?: number | null } = {},
) {
  const path = parseForwardPath(text)
  if (!path.ok) throw new Error(`bad test: ${path.problem}`)
  return resolveRecipient({ path: path.value, size }, memoryDirectory({ ...BASE, ...extra }))
}

async function delivered(text: string, extra: Partial<DirectoryContent> = {}) {
  const decision = await resolve(text, extra)
  return decision.kind === 'accept' ? decision.deliveries.map(({ mailbox }) => mailbox.address) : decision.reason
}

describe('acceptance', () => {
  it.each([
    ['user@example.com', ['user@example.com']],
    ['USER@EXAMPLE.COM', ['user@example.com']],
    ['"user"@example.com', ['user@example.com']],
    ['user+tag@example.com', ['user@example.com']],
    ['a+b@example.com', ['a+b@example.com']],
    ['team@example.com', ['user@example.com', 'second@example.com', 'admin@example.com']],
    ['team+x@example.com', ['user@example.com', 'second@example.com', 'admin@example.com']],
    ['self@example.com', ['user@example.com']],
    ['user@old.example', ['user@example.com']],
    ['user+tag@old.example', ['user@example.com']],
    ['team@older.example', ['user@example.com', 'second@example.com', 'admin@example.com']],
    ['postmaster@example.com', ['admin@example.com']],
    ['Abuse@old.example', ['admin@example.com']],
    ['<postmaster>', ['admin@example.com']],
  ])('%s', async (text, addresses) => {
    expect(await delivered(text)).toEqual(addresses)
  })

  it('reports the path and the tag', async () => {
    const decision = await resolve('team+x@example.com')
    expect(decision.kind === 'accept' && decision.deliveries.map(({ via, tag }) => [via, tag])).toEqual([
      [['team+x@example.com'], 'x'],
      [['team+x@example.com'], 'x'],
      [['team+x@example.com', 'nested@example.com'], 'inner'],
    ])
    const other = await resolve('user@old.example')
    expect(other).toMatchObject({ kind: 'accept', deliveries: [{ via: ['user@old.example'], tag: null }] })
    const simple = await resolve('user+news@example.com')
    expect(simple).toMatchObject({
      kind: 'accept',
      tenantId: 'tnt_test',
      deliveries: [{ via: [], tag: 'news' }],
      external: [],
      skipped: [],
    })
  })

  it.each([
    ['USER@EXAMPLE.COM', 'user@example.com'],
    ['user+tag@example.com', 'user@example.com'],
    ['a+b@example.com', 'a+b@example.com'],
    ['user+tag@old.example', 'user@example.com'],
    ['team@example.com', 'team@example.com'],
    ['team+x@older.example', 'team@example.com'],
    ['anything@example.com', '*@example.com'],
    ['Abuse@example.com', 'abuse@example.com'],
    ['<postmaster>', 'postmaster'],
  ])('says of which address %s is a spelling, and nothing of where that leads', async (text, meant) => {
    const aliases = [...(BASE.aliases ?? []), { address: '*@example.com', targets: ['second@example.com'] }]
    expect(await resolve(text, { aliases })).toMatchObject({ kind: 'accept', meant })
  })

  it('lists targets outside the tenant, and targets that get nothing', async () => {
    expect(await resolve('out@example.com')).toMatchObject({
      kind: 'accept',
      deliveries: [],
      external: [{ localPart: 'someone', domain: 'elsewhere.example' }],
    })
    expect(await resolve('mixed@example.com')).toMatchObject({
      kind: 'accept',
      deliveries: [{ mailbox: { address: 'user@example.com' } }],
      external: [{ localPart: 'x', domain: 'other.example' }],
      skipped: [{ address: 'nobody@example.com', reason: 'unknown' }],
    })
  })

  it('asks for a retry when one of several mailboxes is full, so that no copy is silently lost', async () => {
    expect(await resolve('crowd@example.com')).toMatchObject({
      kind: 'refuse',
      reason: 'mailbox_full',
      reply: { code: 452 },
    })
  })

  it('prefers an existing address to the role and the catch-all, and the role to the catch-all', async () => {
    const aliases = [{ address: '*@example.com', targets: ['second@example.com'] }]
    expect(await delivered('anything@example.com', { aliases })).toEqual(['second@example.com'])
    expect(await delivered('user@example.com', { aliases })).toEqual(['user@example.com'])
    expect(await delivered('user+tag@example.com', { aliases })).toEqual(['user@example.com'])
    expect(await delivered('postmaster@example.com', { aliases })).toEqual(['admin@example.com'])
    const own = [{ address: 'postmaster@example.com', targets: ['user@example.com'] }]
    expect(await delivered('postmaster@example.com', { aliases: own })).toEqual(['user@example.com'])
  })
})

describe('refusal', () => {
  it.each(['<user@example.com>', '<user@foreign.example>', '<postmaster>'])(
    'of %s on a server without domains is temporary: its volume may not be mounted',
    async (text) => {
      const path = parseForwardPath(text)
      if (!path.ok) throw new Error(`bad test: ${path.problem}`)
      const decision = await resolveRecipient({ path: path.value, size: null }, memoryDirectory({ domains: [] }))
      expect(decision).toMatchObject({ kind: 'refuse', reason: 'not_set_up', reply: replies.notSetUp })
    },
  )

  it.each([
    ['nobody@example.com', 'unknown', '550 5.1.1'],
    ['nobody@old.example', 'unknown', '550 5.1.1'],
    ['user@foreign.example', 'foreign_domain', '550 5.7.1'],
    ['user@pending.example', 'pending_domain', '550 5.7.1'],
    ['user@suspended.example', 'suspended_domain', '550 5.7.1'],
    ['user@stale.example', 'pending_domain', '550 5.7.1'],
    ['user@circle.example', 'alias_loop', '550 5.4.6'],
    ['off@example.com', 'alias_disabled', '550 5.1.1'],
    ['broken@example.com', 'unknown', '550 5.1.1'],
    ['loop1@example.com', 'alias_loop', '550 5.4.6'],
    ['gone@example.com', 'mailbox_suspended', '550 5.2.1'],
    ['full@example.com', 'mailbox_full', '452 4.2.2'],
    ['dead@example.com', 'mailbox_full', '452 4.2.2'],
    // Every way to name a second domain, as open relays accept it.
    ['user%foreign.example@example.com', 'relay_syntax', '550 5.7.1'],
    ['foreign.example!user@example.com', 'relay_syntax', '550 5.7.1'],
    ['"user@foreign.example"@example.com', 'relay_syntax', '550 5.7.1'],
    ['user@[192.0.2.1]', 'address_literal', '550 5.7.1'],
    ['user@[127.0.0.1]', 'address_literal', '550 5.7.1'],
  ])('%s: %s', async (text, reason, reply) => {
    const decision = await resolve(text)
    expect(decision).toMatchObject({ kind: 'refuse', reason })
    expect(decision.kind === 'refuse' && `${decision.reply.code} ${decision.reply.enhanced ?? ''}`).toBe(reply)
  })

  it('checks the announced size against the quota', async () => {
    expect(await resolve('small@example.com', { size: 600 })).toMatchObject({ kind: 'accept' })
    expect(await resolve('small@example.com', { size: 601 })).toMatchObject({ reason: 'mailbox_full' })
    expect(await resolve('small@example.com', { size: 1001 })).toMatchObject({
      reason: 'exceeds_quota',
      reply: { code: 552, enhanced: '5.2.2' },
    })
    expect(await resolve('small@example.com')).toMatchObject({ kind: 'accept' })
    expect(checkQuota({ quotaBytes: null, usedBytes: 5 }, 1e12)).toBe('fits')
    expect(checkQuota({ quotaBytes: 0, usedBytes: 0 }, null)).toBe('full')
  })

  it('accepts the received message that overfills the mailbox, and none after it', () => {
    const mailbox = { quotaBytes: 1000, usedBytes: 999 }
    expect([checkQuota(mailbox, 500), quotaAtCommit(mailbox, 500)]).toEqual(['full', 'fits'])
    expect(quotaAtCommit({ ...mailbox, usedBytes: 1000 }, 1)).toBe('full')
    expect(quotaAtCommit({ ...mailbox, usedBytes: 0 }, 1001)).toBe('exceeds_quota')
    expect(quotaAtCommit({ quotaBytes: null, usedBytes: 0 }, 1e12)).toBe('fits')
  })

  it('has no postmaster until there is an administrator', async () => {
    const nobody = memoryDirectory({ domains: [{ name: 'example.com' }] })
    expect(await resolveRecipient({ path: 'postmaster', size: null }, nobody)).toMatchObject({
      reason: 'unknown',
      tenantId: null,
    })
    const full = { postmaster: 'full@example.com' }
    expect(await resolve('<postmaster>', full)).toMatchObject({ reason: 'mailbox_full' })
  })

  it('names the tenant of the domain, who then sees the journey', async () => {
    expect(await resolve('user@pending.example')).toMatchObject({ tenantId: 'tnt_test' })
    expect(await resolve('user@foreign.example')).toMatchObject({ tenantId: null })
  })
})
