import { describe, expect, it } from 'vitest'
import { parseAddress } from '../address/index.ts'
import { memoryDirectory } from '../testing/index.ts'
import { maySendAs } from './index.ts'

const directory = memoryDirectory({
  domains: [
    { name: 'example.com' },
    { name: 'alias.example', aliasOf: 'example.com' },
    { name: 'round.example', aliasOf: 'round.example' },
    { name: 'pending.example', status: 'pending' },
    { name: 'caught.example' },
    { name: 'foreign.example', tenantId: 'tnt_other' },
  ],
  mailboxes: [
    { address: 'me@example.com', quotaBytes: 0 },
    { address: 'boss@example.com' },
    { address: 'frozen@example.com', suspended: true },
    { address: 'me@foreign.example', tenantId: 'tnt_other' },
  ],
  aliases: [
    { address: 'sales@example.com', targets: ['me@example.com', 'boss@example.com'], maySendAs: true },
    { address: 'ceo@example.com', targets: ['me@example.com'] },
    { address: 'off@example.com', targets: ['me@example.com'], maySendAs: true, enabled: false },
    { address: 'press@example.com', targets: ['boss@example.com'], maySendAs: true },
    { address: 'outer@example.com', targets: ['ceo@example.com'], maySendAs: true },
    { address: '*@example.com', targets: ['me@example.com'] },
    { address: '*@caught.example', targets: ['me@example.com'], maySendAs: true },
  ],
  postmaster: 'me@example.com',
})
const mailboxIds = ['mbx_me@example.com', 'mbx_frozen@example.com']

async function may(text: string): Promise<boolean> {
  const address = parseAddress(text)
  if (!address.ok) throw new Error(address.problem)
  return maySendAs({ tenantId: 'tnt_test', mailboxIds, address: address.value }, directory)
}

describe('a user may send', () => {
  it.each([
    'me@example.com',
    'ME@example.com',
    'me+tag@example.com',
    'me@alias.example',
    'me+tag@alias.example',
    'sales@example.com',
    'sales+tag@example.com',
    'outer@example.com',
    'anybody@caught.example',
  ])('as %s', async (address) => {
    expect(await may(address)).toBe(true)
  })

  it.each([
    ['boss@example.com', 'the mailbox of another user'],
    ['boss+me@example.com', 'the same with a tag'],
    ['frozen@example.com', 'a suspended mailbox'],
    ['ceo@example.com', 'an alias without the right'],
    ['off@example.com', 'an alias that is switched off'],
    ['press@example.com', 'an alias that leads elsewhere'],
    ['anybody@example.com', 'a catch-all without the right'],
    ['postmaster@example.com', 'a role address delivered to the administrator'],
    ['me@pending.example', 'a pending domain'],
    ['me@foreign.example', 'another tenant'],
    ['me@unknown.example', 'an unknown domain'],
    ['me@round.example', 'a domain alias of itself'],
    ['me@[192.0.2.1]', 'an address literal'],
  ])('not as %s: %s', async (address) => {
    expect(await may(address)).toBe(false)
  })
})
