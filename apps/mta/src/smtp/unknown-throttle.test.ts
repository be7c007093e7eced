import { expect, it } from 'vitest'
import { createUnknownThrottle, type Namer } from './unknown-throttle.ts'

const HOUR = 3_600_000
const client: Namer = { user: null, remoteAddress: '192.0.2.1' }
const user = (id: string): Namer => ({
  user: { id, tenantId: 'ten_1', email: `${id}@a.example`, epoch: 0 },
  remoteAddress: client.remoteAddress,
})

it('what an established sender delivered in the last hour counts for it, its unknown recipients of that hour no longer', () => {
  let now = 0
  const throttle = createUnknownThrottle(() => now)
  throttle.add(client)
  throttle.accepted(client, ['mbx_1'])
  expect(throttle.count(client).client).toEqual({ unknown: 1, mailboxes: 1 })
  now += HOUR
  throttle.accepted(client, ['mbx_2'])
  expect(throttle.count(client)).toEqual({
    client: { unknown: 0, mailboxes: 2 },
    network: { unknown: 0, mailboxes: 2 },
  })
  now += 2 * HOUR
  expect(throttle.count(client).client).toEqual({ unknown: 0, mailboxes: 0 })
})

it('mail to the same mailbox counts once, however often it comes', () => {
  let now = 0
  const throttle = createUnknownThrottle(() => now)
  for (let hours = 0; hours < 2; hours += 1) {
    for (let message = 0; message < 100; message += 1) throttle.accepted(client, ['mbx_1', 'mbx_2'])
    expect(throttle.count(client).client.mailboxes).toBe(2)
    now += HOUR
  }
})

it('users behind one address, and strangers there, are counted apart', () => {
  const throttle = createUnknownThrottle(() => 0)
  throttle.add(user('usr_1'))
  expect(throttle.count({ ...user('usr_1'), remoteAddress: '198.51.100.1' }).client.unknown).toBe(1)
  for (const other of [client, user('usr_2')]) expect(throttle.count(other).client.unknown).toBe(0)
})
