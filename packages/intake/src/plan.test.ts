import { requireKey } from '@mairust/mail-core/testing'
import { describe, expect, it } from 'vitest'
import { type Destination, planObjects } from './plan.ts'

const to = (recipient: string, tenantId: string, mailboxIds: string[], header?: string): Destination => ({
  recipient: requireKey(recipient),
  tenantId,
  mailboxes: mailboxIds.map((id) => ({ id })),
  header,
})

describe('a plan', () => {
  it('has one object for all recipients of a tenant, and none shared by tenants', () => {
    const plan = planObjects([
      to('ann@one.example', 'one', ['a']),
      to('carol@two.example', 'two', ['c']),
      to('bob@one.example', 'one', ['b']),
    ])
    expect(plan).toEqual([
      {
        tenantId: 'one',
        header: '',
        junkReason: null,
        recipients: ['ann@one.example', 'bob@one.example'],
        mailboxIds: ['a', 'b'],
      },
      { tenantId: 'two', header: '', junkReason: null, recipients: ['carol@two.example'], mailboxIds: ['c'] },
    ])
  })

  it('has an object for each set of header fields', () => {
    const plan = planObjects([
      to('ann@one.example', 'one', ['a'], 'X-Spam: yes\r\n'),
      to('bob@one.example', 'one', ['b']),
      to('carol@one.example', 'one', ['c'], 'X-Spam: yes\r\n'),
    ])
    expect(plan.map(({ header, mailboxIds }) => [header, mailboxIds])).toEqual([
      ['X-Spam: yes\r\n', ['a', 'c']],
      ['', ['b']],
    ])
  })

  it('has an object for each verdict', () => {
    const plan = planObjects([
      { ...to('all@one.example', 'one', []), mailboxes: [{ id: 'a', junkReason: 'forged' }, { id: 'b' }] },
      to('bob@one.example', 'one', ['b']),
    ])
    expect(plan.map(({ junkReason, recipients, mailboxIds }) => [junkReason, recipients, mailboxIds])).toEqual([
      ['forged', ['all@one.example'], ['a']],
      [null, ['all@one.example', 'bob@one.example'], ['b']],
    ])
  })

  it('puts one copy into a mailbox, however many recipients resolve to it', () => {
    const plan = planObjects([
      to('ann@one.example', 'one', ['a', 'b']),
      to('all@one.example', 'one', ['b', 'c']),
      to('list@one.example', 'one', ['a', 'c'], 'X-List: all\r\n'),
    ])
    expect(plan).toMatchObject([{ recipients: ['ann@one.example', 'all@one.example'], mailboxIds: ['a', 'b', 'c'] }])
  })
})
