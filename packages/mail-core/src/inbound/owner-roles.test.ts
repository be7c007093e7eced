import { describe, expect, it } from 'vitest'
import { parseForwardPath } from '../address/index.ts'
import { memoryDirectory } from '../testing/index.ts'
import { resolveRecipient } from './index.ts'

const directory = memoryDirectory({
  domains: [
    { name: 'example.com' },
    { name: 'also.example', aliasOf: 'example.com' },
    { name: 'asleep.example', status: 'suspended' },
    { name: 'late.example', status: 'pending' },
    { name: 'other.example', tenantId: 'tnt_other' },
  ],
  mailboxes: [
    { address: 'boss@example.com', ownerRole: 'super_admin' },
    { address: 'ann@example.com', ownerRole: 'user' },
    { address: 'nobodys@example.com' },
    { address: 'full@example.com', ownerRole: 'super_admin', quotaBytes: 10, usedBytes: 10 },
    { address: 'small@example.com', ownerRole: 'super_admin', quotaBytes: 10 },
    { address: 'off@example.com', ownerRole: 'super_admin', suspended: true },
    { address: 'boss@asleep.example', ownerRole: 'super_admin' },
    { address: 'boss@late.example', ownerRole: 'super_admin' },
    { address: 'x@other.example', tenantId: 'tnt_other', ownerRole: 'super_admin' },
  ],
  aliases: [
    { address: 'ceo@example.com', targets: ['boss@example.com'] },
    { address: 'outer@example.com', targets: ['ceo@example.com', 'nobody@example.com'] },
    { address: 'team@example.com', targets: ['ann@example.com', 'boss@example.com'] },
    { address: 'crowd@example.com', targets: ['ann@example.com', 'full@example.com'] },
    { address: 'some@example.com', targets: ['ann@example.com', 'off@example.com'] },
    { address: 'closed@example.com', targets: ['boss@example.com'], enabled: false },
    { address: 'through@example.com', targets: ['closed@example.com'] },
    { address: 'beside@example.com', targets: ['ann@example.com', 'closed@example.com'] },
    { address: 'abroad@example.com', targets: ['x@other.example', 'boss@example.com'] },
    { address: '*@example.com', targets: ['ann@example.com'] },
  ],
  postmaster: 'boss@example.com',
})

describe('the roles of those whose mail a recipient is', () => {
  it.each<[string, 'accept' | 'refuse', string[]]>([
    ['boss@example.com', 'accept', ['super_admin']],
    ['boss+bank@example.com', 'accept', ['super_admin']],
    ['boss@also.example', 'accept', ['super_admin']],
    ['ceo@example.com', 'accept', ['super_admin']],
    ['outer@example.com', 'accept', ['super_admin', 'user']],
    ['team@example.com', 'accept', ['user', 'super_admin']],
    ['anything@example.com', 'accept', ['user']],
    ['postmaster@example.com', 'accept', ['super_admin']],
    ['<postmaster>', 'accept', ['super_admin']],
    ['nobodys@example.com', 'accept', []],
    ['abroad@example.com', 'accept', ['super_admin']],
    ['some@example.com', 'accept', ['user', 'super_admin']],
    ['full@example.com', 'refuse', ['super_admin']],
    ['small+tag@example.com', 'refuse', ['super_admin']],
    ['crowd@example.com', 'refuse', ['user', 'super_admin']],
    ['off@example.com', 'refuse', ['super_admin']],
    // What is closed now was for somebody all the same.
    ['closed@example.com', 'refuse', ['super_admin']],
    ['through@example.com', 'refuse', ['super_admin']],
    ['boss@asleep.example', 'refuse', ['super_admin']],
    ['boss@late.example', 'refuse', ['super_admin']],
    // Nothing was sent on to the closed alias.
    ['beside@example.com', 'accept', ['user']],
    ['x@foreign.example', 'refuse', []],
    ['x%y@example.com', 'refuse', []],
  ])('are known, delivered or refused: %s', async (text, kind, roles) => {
    const path = parseForwardPath(text)
    if (!path.ok) throw new Error(`bad test: ${path.problem}`)
    const decision = await resolveRecipient({ path: path.value, size: 20 }, directory)
    expect([decision.kind, decision.ownerRoles]).toEqual([kind, roles])
  })
})
