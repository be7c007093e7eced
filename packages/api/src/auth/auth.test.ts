import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { currentLocks, LOCK_MS, lockedUntil } from './lock-out.ts'
import { checkPassword } from './password-policy.ts'
import { createPasswords } from './password.ts'
import { cookieName, expiredCookie, readSessionToken, sessionCookie } from './session.ts'
import { createKeyedQueue } from './keyed-queue.ts'

const CHEAP = { memoryKib: 1024, passes: 1 }

describe('password hashing', () => {
  it('is argon2id at the current cost, and tells right from wrong passwords', async () => {
    const today = createPasswords()
    const hash = await today.hash('correct')
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
    expect(await today.verify(hash, 'correct', '192.0.2.1')).toBe(true)
    expect(await today.verify(hash, 'wrong', '192.0.2.1')).toBe(false)
    expect(today.needsRehash(hash)).toBe(false)
    expect(createPasswords(CHEAP).needsRehash(hash)).toBe(true)
  })

  it('also checks a password for an unknown user', async () => {
    const passwords = createPasswords(CHEAP)
    expect(await passwords.verify(null, 'no user has this password', '192.0.2.1')).toBe(false)
  })

  it('takes turns: a client whose logins fill the queue keeps nobody else waiting', async () => {
    const passwords = createPasswords(CHEAP)
    const done: string[] = []
    const check = (client: string) => passwords.verify(null, 'x', client).then(() => done.push(client))
    const flood = Promise.allSettled(Array.from({ length: 60 }, () => check('192.0.2.66')))
    await check('192.0.2.1')
    expect(done.filter((client) => client === '192.0.2.66').length).toBeLessThan(10)
    const refused = (await flood).filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(8)
  })

  it('runs two at a time, lets fifty of a client wait, and refuses more', async () => {
    const passwords = createPasswords(CHEAP)
    const results = await Promise.allSettled(Array.from({ length: 60 }, () => passwords.hash('x')))
    const refused = results.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(8)
    expect((refused[0] as PromiseRejectedResult).reason).toMatchObject({ code: 'UNAVAILABLE' })
    expect(await passwords.hash('x')).toContain('argon2id')
  })
})

describe('the password policy', () => {
  it('requires twelve characters and refuses common passwords', () => {
    expect(checkPassword('elevenchars')).toContain('12')
    expect(checkPassword('😀'.repeat(11))).not.toBeNull()
    expect(checkPassword('長いパスフレーズを使いましょう')).toBeNull()
    expect(checkPassword('QWERTYuiop123')).toContain('attackers')
    expect(checkPassword('abababababababab')).not.toBeNull()
    expect(checkPassword('x'.repeat(300))).not.toBeNull()
    expect(checkPassword('a quiet harbour')).toBeNull()
  })
})

describe('the lock', () => {
  const at = (minute: number, address = 'a') => ({ address, at: new Date(minute * 60_000) })

  it('begins with the fifth failure from one address and lasts 15 minutes', () => {
    const five = [0, 3, 6, 9, 12].map((minute) => at(minute))
    expect(lockedUntil(five, 'a', new Date(13 * 60_000))).toEqual(new Date(27 * 60_000))
    expect(lockedUntil(five, 'b', new Date(13 * 60_000))).toBeNull()
    expect(lockedUntil(five, 'a', new Date(27 * 60_000))).toBeNull()
    expect(
      lockedUntil(
        [0, 5, 10, 12, 16].map((minute) => at(minute)),
        'a',
        new Date(17 * 60_000),
      ),
    ).toBeNull()
  })

  it.each([
    ['an IPv4 address, however it is written', '192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '192.0.2.2'],
    ['a /64 of IPv6', '2001:db8::1', '2001:db8::2', '2001:db8::/64', '2001:db8:0:1::1'],
  ])('counts %s as one client', (_what, one, same, shown, other) => {
    const five = [one, same, one, same, one].map((address, minute) => at(minute, address))
    const now = new Date(5 * 60_000)
    expect(lockedUntil(five, same, now)).not.toBeNull()
    expect(lockedUntil(five, other, now)).toBeNull()
    expect(currentLocks(five, now)).toMatchObject([{ address: shown }])
  })

  it('never holds without five failures in 15 minutes, and never longer than 15 minutes after the last', () => {
    const failures = fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 30 })
    fc.assert(
      fc.property(failures, fc.integer({ min: 0, max: 140 }), (minutes, now) => {
        const sorted = minutes.filter((minute) => minute <= now).sort((a, b) => a - b)
        const until = lockedUntil(
          sorted.map((minute) => at(minute)),
          'a',
          new Date(now * 60_000),
        )
        if (until === null) return true
        const last = sorted.at(-1) ?? 0
        return sorted.length >= 5 && until.getTime() <= last * 60_000 + LOCK_MS
      }),
    )
  })
})

describe('the cookie', () => {
  const token = 'A'.repeat(43)

  it('has the prefix and Secure only on https', () => {
    expect(cookieName('http://10.0.0.1:8080')).toBe('mairust_sid')
    expect(sessionCookie('https://mail.example.com', token)).toBe(
      `__Host-mairust_sid=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=86400; Secure`,
    )
    expect(expiredCookie('https://mail.example.com')).toContain('Max-Age=0; Secure')
  })

  it('is found among other cookies, and only if well formed', () => {
    const read = (header: string | null) => readSessionToken('http://x', header)
    expect(read(`a=1; mairust_sid=${token}; b=2`)).toBe(token)
    expect(read(`xmairust_sid=${token}`)).toBeNull()
    expect(read(`mairust_sid=${token}!`)).toBeNull()
    expect(read('mairust_sid=')).toBeNull()
    expect(read(null)).toBeNull()
  })
})

describe('a keyed queue', () => {
  it('runs the work of one name in sequence, and refuses more when too much waits', async () => {
    const inTurn = createKeyedQueue(1)
    const order: string[] = []
    const step = (name: string) => async () => {
      order.push(`${name} begins`)
      await Promise.resolve()
      order.push(`${name} ends`)
      return name
    }
    const results = await Promise.all([
      inTurn('x', step('one')),
      inTurn('x', step('two')),
      inTurn('x', step('three')),
      inTurn('y', step('other')),
    ])
    expect(results).toEqual(['one', 'two', null, 'other'])
    expect(order.filter((entry) => !entry.startsWith('other'))).toEqual([
      'one begins',
      'one ends',
      'two begins',
      'two ends',
    ])
    await expect(inTurn('x', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await inTurn('x', step('again'))).toBe('again')
  })
})
