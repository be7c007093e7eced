import { describe, expect, it } from 'vitest'
import { systemActor } from '../access/index.ts'
import { createLimits, type LimitedRequest } from './limits.ts'

const now = () => new Date(1_700_000_000_000)
const read: LimitedRequest = { actor: null, ip: '192.0.2.1', writes: 0, logins: 0, calls: 1 }
const session = { ...systemActor('tnt'), kind: 'user' as const, sessionId: 'ses_1' }
const key = { ...systemActor('tnt'), kind: 'api_key' as const, id: 'key_1' }
const limits = () =>
  createLimits(
    {
      per_key_per_minute: 3,
      per_session_writes_per_minute: 2,
      per_session_reads_per_minute: 5,
      login_per_address_per_minute: 1,
      anonymous_per_address_per_minute: 2,
    },
    now,
  )

describe('limits', () => {
  it('count a key by its requests', async () => {
    const { take } = limits()
    for (const remaining of [2, 1, 0]) expect((await take({ ...read, actor: key })).state.remaining).toBe(remaining)
    const { error, state } = await take({ ...read, actor: key })
    expect(error).toMatchObject({ code: 'RATE_LIMITED', status: 429 })
    expect(error?.retryAfter).toBeGreaterThan(0)
    expect(state).toMatchObject({ limit: 3, remaining: 0 })
    expect(state.reset).toBeGreaterThan(1_700_000_000)
    expect((await take({ ...read, actor: { ...key, id: 'key_2' } })).error).toBeNull()
  })

  it('count the changes and the reads of a session apart', async () => {
    const { take } = limits()
    for (let n = 0; n < 5; n += 1) expect((await take({ ...read, actor: session })).error).toBeNull()
    for (let n = 0; n < 2; n += 1) expect((await take({ ...read, actor: session, writes: 1 })).error).toBeNull()
    expect((await take({ ...read, actor: session, writes: 1 })).error).not.toBeNull()
    expect((await take({ ...read, actor: session })).error).toMatchObject({ code: 'RATE_LIMITED' })
    expect((await take({ ...read, actor: { ...session, sessionId: 'ses_2' } })).error).toBeNull()
  })

  it('count each read in the batches of a session', async () => {
    const { take } = limits()
    expect((await take({ ...read, actor: session, calls: 4 })).state).toMatchObject({ limit: 5, remaining: 1 })
    expect((await take({ ...read, actor: session, calls: 2 })).error).toMatchObject({ code: 'RATE_LIMITED' })
  })

  it('count logins by address', async () => {
    const { take } = limits()
    expect((await take({ ...read, logins: 1 })).error).toBeNull()
    expect((await take({ ...read, logins: 1 })).error).not.toBeNull()
    expect((await take({ ...read, logins: 1, ip: '192.0.2.2' })).error).toBeNull()
  })

  it('also count the other calls in a batch with a login', async () => {
    const { take } = limits()
    expect((await take({ ...read, logins: 1, calls: 4 })).error).toMatchObject({ code: 'RATE_LIMITED' })
    const later = limits()
    expect((await later.take({ ...read, logins: 1, calls: 3 })).error).toBeNull()
    expect((await later.take(read)).error).not.toBeNull()
  })

  it('1.4: count anonymous requests by address, an IPv6 /64 as one', async () => {
    const { take } = limits()
    expect((await take(read)).error).toBeNull()
    expect((await take({ ...read, calls: 2 })).error).toMatchObject({ code: 'RATE_LIMITED' })
    expect((await take({ ...read, actor: session })).error).toBeNull()
    expect((await take({ ...read, logins: 1 })).error).toBeNull()
    const ips = ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1']
    const errors = []
    for (const ip of ips) errors.push((await take({ ...read, ip })).error?.code ?? null)
    expect(errors).toEqual([null, null, 'RATE_LIMITED', null])
  })

  it('are switched off by 0', async () => {
    const off = {
      per_key_per_minute: 0,
      per_session_writes_per_minute: 0,
      per_session_reads_per_minute: 0,
      login_per_address_per_minute: 0,
      anonymous_per_address_per_minute: 0,
    }
    const { take } = createLimits(off, now)
    for (let n = 0; n < 50; n += 1) expect((await take({ ...read, logins: 20 })).error).toBeNull()
  })

  it('take on new numbers at a reload, and keep the counts of unchanged ones', async () => {
    const { take, change } = limits()
    expect((await take({ ...read, logins: 1 })).error).toBeNull()
    expect((await take({ ...read, actor: key })).state).toMatchObject({ limit: 3, remaining: 2 })
    change({
      per_key_per_minute: 10,
      per_session_writes_per_minute: 2,
      per_session_reads_per_minute: 5,
      login_per_address_per_minute: 1,
      anonymous_per_address_per_minute: 2,
    })
    expect((await take({ ...read, actor: key })).state).toMatchObject({ limit: 10, remaining: 9 })
    expect((await take({ ...read, logins: 1 })).error).not.toBeNull()
  })
})
