import { parseForwardPath } from '@mairust/mail-core/address'
import { expect, it } from 'vitest'
import { createUnknownThrottle, namedIn, type Namer } from './unknown-throttle.ts'

const HOUR = 3_600_000
const client: Namer = { user: null, remoteAddress: '192.0.2.1' }
const user = (id: string): Namer => ({
  user: { id, tenantId: 'ten_1', email: `${id}@a.example`, epoch: 0 },
  remoteAddress: client.remoteAddress,
})
const named = (...addresses: string[]) =>
  addresses.map((address) => {
    const path = parseForwardPath(`<${address}>`)
    if (!path.ok) throw new Error(address)
    return namedIn(path.value)
  })

it('what an established sender delivered in the last hour counts for it, its unknown recipients of that hour no longer', () => {
  let now = 0
  const throttle = createUnknownThrottle(() => now)
  throttle.add(client, 'a.example')
  throttle.accepted(client, named('ann@a.example'))
  expect(throttle.count(client).client).toEqual({ unknown: 1, earned: 1, isSender: true })
  now += HOUR
  throttle.accepted(client, named('bob@a.example'))
  for (let count = 0; count < 5; count += 1) throttle.add(client, 'a.example')
  const counts = { unknown: 5, earned: 4, isSender: true }
  expect(throttle.count(client)).toEqual({ client: counts, network: counts })
  expect(throttle.count(client, 'a.example').client).toMatchObject({ unknown: 6, earned: 4 })
  now += 2 * HOUR
  expect(throttle.count(client).client).toEqual({ unknown: 0, earned: 0, isSender: false })
})

it('an address counts once, however often mail comes to it, and by whatever tag', () => {
  let now = 0
  const throttle = createUnknownThrottle(() => now)
  for (let hours = 0; hours < 2; hours += 1) {
    for (let at = 0; at < 100; at += 1) throttle.accepted(client, named(`ann+${at}@a.example`, 'BOB@A.example'))
    for (let at = 0; at < 10; at += 1) throttle.add(client, 'a.example')
    expect(throttle.count(client).client.earned).toBe(4)
    now += HOUR
  }
})

it('what a domain takes allows unknown recipients in that domain alone: a catch-all earns no guesses elsewhere', () => {
  const throttle = createUnknownThrottle(() => 0)
  throttle.accepted(client, named(...Array.from({ length: 50 }, (_, at) => `x${at}@all.example`)))
  for (let at = 0; at < 10; at += 1) throttle.add(client, 'a.example')
  expect(throttle.count(client).client).toMatchObject({ unknown: 10, earned: 0 })
})

it('users behind one address, and strangers there, are counted apart', () => {
  const throttle = createUnknownThrottle(() => 0)
  throttle.add(user('usr_1'), 'a.example')
  expect(throttle.count({ ...user('usr_1'), remoteAddress: '198.51.100.1' }).client.unknown).toBe(1)
  for (const other of [client, user('usr_2')]) expect(throttle.count(other).client.unknown).toBe(0)
})
