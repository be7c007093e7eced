import { describe, expect, it } from 'vitest'
import { Connections, type Ticket } from './connections.ts'

const limits = { maxConnections: 3, perAddress: 0, newPerMinutePerAddress: 0, exempt: [] }

function world() {
  let now = 0
  const evicted: string[] = []
  const connections = new Connections(
    () => limits,
    () => now,
    () => undefined,
  )
  const open = (address: string, name = address): Ticket | null => connections.admit(address, () => evicted.push(name))
  const opened = (address: string, name = address): Ticket => {
    const ticket = open(address, name)
    if (ticket === null) throw new Error(`${name} was refused`)
    return ticket
  }
  return { connections, evicted, open, opened, advance: (ms: number) => (now += ms) }
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

  it('at the cost of one that names recipients for a minute and sends no message', () => {
    const { connections, evicted, opened, advance } = world()
    const naming = opened('192.0.2.1')
    connections.completedMail(naming)
    for (let second = 0; second < 60; second += 5) {
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
