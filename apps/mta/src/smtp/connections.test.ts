import { describe, expect, it } from 'vitest'
import { Connections } from './connections.ts'
import type { Ticket } from './ticket.ts'

const limits = { maxConnections: 3, perAddress: 0, newPerMinutePerAddress: 0, exempt: ['198.18.0.0/15'] }

function world(maxConnections = limits.maxConnections) {
  let now = 0
  const evicted: string[] = []
  const connections = new Connections(
    () => ({ ...limits, maxConnections }),
    () => now,
    () => undefined,
  )
  const open = (address: string, name = address): Ticket | null => connections.admit(address, () => evicted.push(name))
  const opened = (address: string, name = address): Ticket => {
    const ticket = open(address, name)
    if (ticket === null) throw new Error(`${name} was refused`)
    return ticket
  }
  /** From now on, the connection sends a message that never ends. */
  const sendingAt = (ticket: Ticket, bytesPerSecond: number): void => {
    const startedAt = now
    const bytes = (): number => Math.floor(((now - startedAt) / 1000) * bytesPerSecond)
    ticket.progress.at = now
    ticket.data = { startedAt, bytes, complete: () => false }
  }
  return { connections, evicted, open, opened, sendingAt, advance: (ms: number) => (now += ms) }
}

describe('a full listener makes room', () => {
  it('at the cost of clients that made progress once, and then no more', () => {
    const { connections, evicted, open, opened, advance } = world()
    const pinned = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => opened(address))
    for (const ticket of pinned) connections.completedMail(ticket)
    expect(open('192.0.2.9')).toBeNull()
    advance(10_000)
    // MAIL again, after RSET, is no progress.
    for (const ticket of pinned) connections.completedMail(ticket)
    opened('192.0.2.9')
    expect(evicted).toEqual(['192.0.2.1'])
  })

  it('not at the cost of a client whose message moves or was just accepted', () => {
    const { connections, evicted, open, opened, advance } = world()
    let bytes = 0
    const sending = opened('192.0.2.1')
    const stalled = opened('192.0.2.2')
    const done = opened('192.0.2.3')
    for (const ticket of [sending, stalled, done]) connections.completedMail(ticket)
    sending.data = { startedAt: 0, bytes: () => bytes, complete: () => false }
    stalled.data = { startedAt: 0, bytes: () => 5, complete: () => false }
    connections.sweep()
    advance(10_000)
    bytes = 9000
    connections.acceptedMessage(done)
    opened('192.0.2.9')
    expect(evicted).toEqual(['192.0.2.2'])
    advance(1)
    opened('192.0.2.10')
    expect(evicted).toEqual(['192.0.2.2', '192.0.2.9'])
    stalled.data = null
    sending.data = { startedAt: 0, bytes: () => bytes, complete: () => true }
    advance(60_000)
    expect(open('192.0.2.11')).not.toBeNull()
    expect(evicted).not.toContain('192.0.2.1')
  })

  it('at the cost of one that names recipients for 20 seconds and sends no message', () => {
    const { connections, evicted, opened, advance } = world()
    const naming = opened('192.0.2.1')
    connections.completedMail(naming)
    for (let second = 0; second < 20; second += 5) {
      advance(5000)
      connections.acceptedRecipient(naming)
    }
    for (const address of ['192.0.2.2', '192.0.2.3', '192.0.2.4']) opened(address)
    expect(evicted).toEqual(['192.0.2.1'])
  })

  it.each([
    ['of an address', '192.0.2.7', '192.0.2.7'],
    ['of a /48', '2001:db8:1:1::1', '2001:db8:1:2::1'],
  ])('first at the cost of the many connections %s', (_what, one, other) => {
    const { evicted, opened, advance } = world()
    opened('192.0.2.1', 'lonely')
    advance(1000)
    opened(one, 'first')
    advance(1000)
    opened(other, 'second')
    opened('192.0.2.2', 'new')
    expect(evicted).toEqual(['first'])
  })
})

/** A connection that protects itself: MAIL and RCPT at once. */
function pin(connections: Connections, ticket: Ticket): void {
  connections.completedMail(ticket)
  connections.acceptedRecipient(ticket)
}

describe('a full listener is shared fairly among networks', () => {
  const ATTACKERS: [string, (at: number) => string][] = [
    ['40 addresses with 50 connections each', (at) => `203.0.113.${Math.floor(at / 50)}`],
    ['the /64s of one /48', (at) => `2001:db8:1:${at.toString(16)}::1`],
  ]

  it.each(ATTACKERS)('when %s send just enough to be protected', (_who, addressOf) => {
    const { connections, evicted, open, opened, advance } = world(2000)
    for (let at = 0; at < 2000; at += 1) pin(connections, opened(addressOf(at), 'attacker'))
    const honest = new Set<Ticket>()
    for (let second = 0; second < 20; second += 1) {
      const ticket = opened(`192.0.2.${second}`, 'honest')
      honest.add(ticket)
      // The attacker's next try comes before the newcomer's MAIL, and costs it nothing.
      const again = open(addressOf(second * 50), 'attacker')
      if (again !== null) pin(connections, again)
      advance(1000)
      pin(connections, ticket)
    }
    expect(honest.size).toBe(20)
    expect(new Set(evicted)).toEqual(new Set(['attacker']))
  })

  const SPEEDS = [10, 600, 100_000]
  it.each(ATTACKERS.flatMap(([who, addressOf]) => SPEEDS.map((speed) => [who, speed, addressOf] as const)))(
    'when %s send messages that never end, at %d bytes a second',
    (_who, speed, addressOf) => {
      const { connections, evicted, open, opened, advance, sendingAt } = world(2000)
      const send = (ticket: Ticket | null, bytesPerSecond: number): void => {
        if (ticket === null) return
        pin(connections, ticket)
        sendingAt(ticket, bytesPerSecond)
      }
      for (let at = 0; at < 2000; at += 1) send(opened(addressOf(at), 'attacker'), speed)
      for (let second = 0; second < 20; second += 1) {
        const honest = opened(`192.0.2.${second}`, 'honest')
        send(open(addressOf(second * 50), 'attacker'), speed)
        advance(1000)
        send(honest, 4000)
      }
      expect(new Set(evicted)).toEqual(new Set(['attacker']))
    },
  )

  it('and takes from a network that crowds what is idle, then steps, then unfinished messages', () => {
    const { connections, evicted, open, opened, advance, sendingAt } = world(9)
    opened('192.0.2.1', 'idle')
    opened('192.0.2.2', 'idle of a small network')
    advance(10_000)
    pin(connections, opened('192.0.2.1', 'step'))
    for (const name of ['message', 'message', 'message', 'message', 'complete', 'slow']) {
      const ticket = opened(name === 'slow' ? '192.0.2.3' : '192.0.2.1', name)
      pin(connections, ticket)
      sendingAt(ticket, name === 'slow' ? 10 : 600)
      if (name === 'complete') ticket.data = { startedAt: 0, bytes: () => 9, complete: () => true }
    }
    const newcomer = (at: number): void => pin(connections, opened(`198.51.100.${at}`, 'newcomer'))
    for (let at = 0; at < 3; at += 1) newcomer(at)
    expect(evicted).toEqual(['idle', 'step', 'idle of a small network'])
    for (let at = 3; at < 6; at += 1) newcomer(at)
    expect(evicted.slice(3)).toEqual(['message', 'message', 'message'])
    expect(open('192.0.2.9')).toBeNull()
  })

  it('counts as idle, among many connections of a network, a message below the least speed for five seconds', () => {
    const { evicted, open, opened, advance, sendingAt } = world(40)
    // The newcomer's network has as many: nobody crowds.
    for (let at = 0; at < 40; at += 1) sendingAt(opened(`192.0.2.${at % 4}`, `${at % 4}`), at % 4 === 2 ? 10 : 600)
    advance(4000)
    expect(open('192.0.2.1')).toBeNull()
    advance(1000)
    opened('192.0.2.1')
    expect(evicted).toEqual(['2'])
    const small = world(6)
    for (let at = 0; at < 6; at += 1) small.sendingAt(small.opened(`192.0.2.${at % 3}`), 10)
    small.advance(9000)
    expect(small.open('192.0.2.9')).toBeNull()
  })

  it('but takes no complete message, nothing from exempt clients, and nothing from equals', () => {
    const { connections, evicted, open, opened } = world(6)
    const tickets = [1, 2, 3].map((at) => opened('192.0.2.1', `message ${at}`))
    for (const ticket of tickets) {
      pin(connections, ticket)
      ticket.data = { startedAt: 0, bytes: () => 9, complete: () => true }
    }
    for (let at = 0; at < 3; at += 1) pin(connections, opened('198.18.0.1', 'exempt'))
    expect(open('192.0.2.9')).toBeNull()
    const full = world(6)
    for (let at = 0; at < 6; at += 1) pin(full.connections, full.opened(`192.0.2.${at % 3}`))
    expect(full.open('192.0.2.9')).toBeNull()
    expect([...evicted, ...full.evicted]).toEqual([])
  })

  it('at the cost of the idlest when each connection has an address of its own', () => {
    const { connections, evicted, opened, advance } = world(100)
    const large = Array.from({ length: 10 }, () => opened('192.0.2.1', 'large'))
    for (let at = 0; at < 90; at += 1) opened(`203.0.113.${at}`, `idle ${at}`)
    advance(5000)
    // A sender with many connections keeps them, and gets more.
    for (const ticket of large) pin(connections, ticket)
    opened('192.0.2.1', 'large')
    pin(connections, opened('192.0.2.2', 'small'))
    expect(evicted).toEqual(['idle 0', 'large'])
  })

  it('gives a newcomer of a small network five seconds to come to MAIL', () => {
    const { connections, evicted, opened, advance } = world(3)
    const [first, second] = [opened('192.0.2.1', 'busy'), opened('192.0.2.2', 'idle')]
    pin(connections, first)
    advance(5000)
    opened('192.0.2.3', 'fresh')
    opened('192.0.2.4', 'fresh')
    expect(second.mailAt).toBeNull()
    expect(evicted).toEqual(['idle'])
    advance(4000)
    opened('192.0.2.5', 'fresh')
    // Without any other, the oldest of them goes: idle connections never shut the port.
    expect(evicted).toEqual(['idle', 'fresh'])
  })
})
