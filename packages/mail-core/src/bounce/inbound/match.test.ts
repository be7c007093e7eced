import { describe, expect, it } from 'vitest'
import { smtpReply } from '../../smtp/index.ts'
import { matchReturned, type ReturnedRecipient } from './index.ts'

const said = (address: string, original: string | null = null): ReturnedRecipient => ({
  address,
  original,
  action: 'failed',
  status: '5.1.1',
  reply: smtpReply(550, '5.1.1', 'no such user'),
  host: null,
  class: 'recipient_unknown',
  scope: 'recipient',
  rule: null,
})
const bob = { address: 'bob@far.example', orcpt: null }
const eve = { address: 'eve@far.example', orcpt: { address: 'Eve.First@far.example' } }
const match = (recipients: readonly ReturnedRecipient[], sent = [bob, eve]) =>
  matchReturned(recipients, sent).map(({ sent: { address }, isItself }) => [address, isItself])

describe('O47 returned mail is about', () => {
  it('the only recipient, whatever it names; itself only if it names that one or nobody', () => {
    expect(match([said('bob@far.example')], [bob])).toEqual([[bob.address, true]])
    expect(match([said('')], [bob])).toEqual([[bob.address, true]])
    expect(match([said('robert@elsewhere.example')], [bob])).toEqual([[bob.address, false]])
    expect(match([], [bob])).toEqual([])
  })

  it('those of several that it names, by address or by what was given with it', () => {
    expect(match([said('eve@far.example'), said('bob@far.example')])).toEqual([
      [bob.address, true],
      [eve.address, true],
    ])
    expect(match([said('e@elsewhere.example', 'eve.first@far.example')])).toEqual([[eve.address, false]])
    expect(match([said('')])).toEqual([])
    expect(match([said('mallory@elsewhere.example')])).toEqual([])
  })
})
