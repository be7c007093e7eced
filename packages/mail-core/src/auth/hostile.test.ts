import { beforeAll, describe, expect, it } from 'vitest'
import { decidePolicy, type Lookup, sign, verify } from './index.ts'
import { check, lookupIn, NOW, type Txt } from './testing/check.ts'
import { keysFor, type TestKeys } from './testing/keys.ts'

// Each would take minutes if any step took more than linear time: the runner's time limit fails it then.

let keys: TestKeys
let records: Txt
beforeAll(async () => {
  keys = await keysFor('x.example')
  records = { ...keys.records, '_dmarc.x.example': 'v=DMARC1; p=reject' }
})
const LONG = 'x'.repeat(300)
const FROM = 'From: me@x.example\r\n'
const signed = (message: Buffer) =>
  Buffer.concat([Buffer.from(sign(message, { keys: [keys.ed25519], now: NOW })), message])
const bodyHashOf = (message: Buffer) => /bh=([^;]+);/.exec(message.toString('latin1'))?.[1] ?? ''
const ELSEWHERE = { ip: '198.51.100.9', reversePath: '' }
const signature = (more: string, n = 0) =>
  `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=d${n}.example; s=s${n}; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA${more}\r\n`

describe('a hostile message', () => {
  it('with 500 signatures has the first ten looked at, and few questions asked', async () => {
    const many = Array.from({ length: 500 }, (_, n) => signature('', n)).join('')
    const { dkim, dmarc, asked } = await check(Buffer.from(`${many}${FROM}\r\n`), records, ELSEWHERE)
    expect(dkim.signatures.map(({ domain }) => domain)).toEqual(Array.from({ length: 10 }, (_, n) => `d${n}.example`))
    expect(dkim.ignored).toBe(490)
    expect(asked.length).toBeLessThan(20)
    expect(dmarc.result).toBe('fail')
  })

  it('cannot hide the eleventh, which passes, but neither use it', async () => {
    const whole = signed(Buffer.from(`${FROM}\r\nx\r\n`)).toString()
    const nine = Array.from({ length: 9 }, (_, n) => signature('', n)).join('')
    expect((await check(nine + whole, records, ELSEWHERE)).dmarc.result).toBe('pass')
    expect((await check(nine + signature('', 9) + whole, records, ELSEWHERE)).dmarc.result).toBe('fail')
  })

  it('whose first signatures are of domains that never answer leaves time for the one that counts', async () => {
    const message = signed(Buffer.from(`${FROM}\r\nx\r\n`))
    const nine = Array.from({ length: 9 }, (_, n) => signature('', n)).join('')
    const silent: (() => void)[] = []
    const never: Lookup = (name) =>
      new Promise((_, reject) => silent.push(() => reject(Object.assign(new Error(name), { code: 'ETIMEOUT' }))))
    const { lookup } = lookupIn(records)
    // All are asked at once; when the time is over, the answers of the others are there.
    const dkim: Lookup = (name, type) => {
      if (name.endsWith('x.example')) silent.splice(0).forEach((end) => end())
      return name.endsWith('x.example') ? lookup(name, type) : never(name, type)
    }
    const found = await verify(
      Buffer.concat([
        Buffer.from(nine.replaceAll('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', bodyHashOf(message))),
        message,
      ]),
      {
        session: { ip: '198.51.100.9', helo: 'h.example', reversePath: '' },
        hostname: 'receiver.example',
        lookups: { spf: lookup, dkim, dmarc: lookup },
        now: NOW,
        trustedSealers: [],
      },
    )
    expect(found.dkim.signatures.map(({ result }) => result)).toEqual([
      ...Array.from({ length: 9 }, () => 'temperror'),
      'pass',
    ])
    expect(found.dmarc.result).toBe('pass')
  })

  it('with 500 lengths (l=) has no body hashed 500 times', async () => {
    const many = Array.from({ length: 500 }, (_, n) => signature(`; l=${n}`, n)).join('')
    const body = Buffer.alloc(5 * 1024 * 1024, 'line of text\r\n')
    const { dkim } = await check(Buffer.concat([Buffer.from(`${many}${FROM}\r\n`), body]), records, ELSEWHERE)
    expect(dkim.signatures).toHaveLength(10)
  })

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', '__proto__.x'])(
    'with the name %s in every place is read as any other',
    async (name) => {
      const fields = `${name}: ${name}\r\n`.repeat(3)
      const plain = Buffer.from(`${fields}${FROM}${name}: x\r\n\r\n${name}\r\n`)
      expect((await check(signed(plain), records, ELSEWHERE)).dmarc.result).toBe('pass')
      const tags = `; ${name}=x; z=${name}`
      const hostile = `${signature(tags)}DKIM-Signature: ${name}=1\r\nARC-Seal: i=1; ${name}=x\r\n${plain.toString()}`
      const { dkim, arc } = await check(
        hostile,
        { ...records, 's0._domainkey.d0.example': `${name}=1; p=AAAA` },
        ELSEWHERE,
      )
      expect(['neutral', 'fail']).toContain(dkim.result)
      expect(arc.result).toBe('fail')
      expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('x')
    },
  )

  it('with 10 MB of spaces at the end is verified', async () => {
    for (const tail of [' ', '\t \r\n', '\r\n', ' x']) {
      const body = Buffer.alloc(10 * 1024 * 1024, tail)
      const { dkim } = await check(signed(Buffer.concat([Buffer.from(`${FROM}\r\nx\r\n`), body])), records, ELSEWHERE)
      expect(dkim.result).toBe('pass')
    }
  })

  it('with a header of 1 MB in one field is verified', async () => {
    for (const value of [' ', 'x', ' x', ';', '=', '"', '(', '<', '\r\n ', ',a@b ']) {
      for (const name of ['Subject', 'To', 'X-Long']) {
        const long = Buffer.alloc(1_000_000 - (1_000_000 % value.length), value)
        const { dkim } = await check(
          signed(Buffer.concat([Buffer.from(`${FROM}${name}: a`), long, Buffer.from('\r\n\r\nx\r\n')])),
          records,
          ELSEWHERE,
        )
        expect([value, name, dkim.result]).toEqual([value, name, 'pass'])
      }
    }
  })

  it('with a long From field has its author read, or none', async () => {
    for (const value of [' ', '"', '(', '<', ',', ';', ':', '@', 'a@', '\\', '=?u?q?', 'a,', '(a)', '\r\n ']) {
      const long = Buffer.alloc(900_000 - (900_000 % value.length), value)
      const found = await check(
        Buffer.concat([Buffer.from('From: a'), long, Buffer.from(' <me@x.example>\r\n\r\nx\r\n')]),
        records,
        ELSEWHERE,
      )
      expect(['fail', 'permerror', 'none']).toContain(found.dmarc.result)
    }
  })

  it('with a signature, key or chain that is long is not worth the time', async () => {
    for (const filling of [' ', ';', '=', ':', 'from:', 'a=', '\r\n ', '"', '(', '\\']) {
      const long = filling.repeat(Math.floor(900_000 / filling.length))
      const fields = [
        `DKIM-Signature: v=1; a=rsa-sha256; d=x.example; s=r; h=from${long}; bh=x; b=x`,
        `ARC-Seal: i=1; a=rsa-sha256; cv=none; d=x.example; s=r; b=x${long}`,
        `ARC-Message-Signature: i=1; h=from${long}; b=x`,
        `ARC-Authentication-Results: i=1; x${long}`,
        `Content-Type: multipart/mixed; boundary=x${long}`,
      ]
      for (const field of fields) {
        const found = await check(Buffer.from(`${field}\r\n${FROM}\r\nx\r\n`), records, ELSEWHERE)
        expect([field.slice(0, 20), found.dkim.result, found.arc.result]).not.toContain('pass')
      }
    }
  })

  it('with the longest fields that are read costs little', async () => {
    for (const filling of [' ', ';', '=', '\r\n ', '"', '(', 'x=y;', ': ']) {
      const long = filling.repeat(Math.floor(16_000 / filling.length))
      const dkim = Array.from(
        { length: 12 },
        () => `DKIM-Signature: v=1; a=rsa-sha256; d=x.example; s=r; h=from; n=${long}; b=x\r\n`,
      )
      const arc = ['ARC-Seal: i=1; n=', 'ARC-Message-Signature: i=1; n=', 'ARC-Authentication-Results: i=1; '].map(
        (start) => `${start}${long}\r\n`,
      )
      const found = await check(Buffer.from(`${[...dkim, ...arc].join('')}${FROM}\r\nx\r\n`), records, ELSEWHERE)
      expect(found.dkim.signatures.length).toBeLessThanOrEqual(10)
    }
  })

  it('with signatures that name every field over and over costs little', async () => {
    const fields = Array.from({ length: 1900 }, (_, n) => `F${n}: x\r\n`).join('')
    const names = Array.from({ length: 490 }, (_, n) => `f${n}`).join(':')
    const many = Array.from({ length: 20 }, (_, n) =>
      signature(`; z=x; h=from:${names}`, n).replace('h=from; ', ''),
    ).join('')
    const { dkim } = await check(Buffer.from(`${many}${FROM}${fields}\r\nx\r\n`), records, ELSEWHERE)
    expect(dkim.signatures).toHaveLength(10)
  })

  it.each([
    ['too many fields', 'X: 1\r\n'.repeat(3000)],
    ['too many bytes', `X: ${'x'.repeat(900)}\r\n`.repeat(1500)],
    ['nothing but folds', `X: 1\r\n${' \r\n'.repeat(500_000)}`],
  ])('with %s in its header has no signature checked, but its author’s policy applied', async (_, fields) => {
    const message = Buffer.from(`${signature('')}${FROM}${fields}\r\nx\r\n`)
    const found = await check(message, records, ELSEWHERE)
    expect(found.dkim).toMatchObject({ result: 'neutral', signatures: [], ignored: 1 })
    expect(found.arc.result).toBe('fail')
    expect(decidePolicy(found, { enforce: true, override: null, defers: true }).action).toBe('reject')
  })

  it('with 60 ARC sets, or sets that contradict each other, has no chain', async () => {
    const set = (i: number) =>
      `ARC-Seal: i=${i}; a=rsa-sha256; cv=${i === 1 ? 'none' : 'pass'}; d=d${i}.example; s=s; b=AAAA\r\nARC-Message-Signature: i=${i}; a=rsa-sha256; d=d${i}.example; s=s; h=from; bh=AAAA; b=AAAA\r\nARC-Authentication-Results: i=${i}; x; dmarc=pass\r\n`
    for (const sets of [
      Array.from({ length: 60 }, (_, n) => set(n + 1)),
      [set(1), set(1)],
      [set(2)],
      [set(50), set(1)],
    ]) {
      const { arc } = await check(`${sets.reverse().join('')}${FROM}\r\nx\r\n`, records, {
        ...ELSEWHERE,
        trustedSealers: ['d1.example', 'd60.example'],
      })
      expect(arc).toMatchObject({ result: 'fail', vouchedBy: null })
    }
  })

  it.each([
    '',
    '\r\n',
    '\n',
    '\r',
    '\0',
    ' ',
    ':',
    ': x\r\n',
    'From:',
    'From\r\n:',
    '\r\n\r\nFrom: a@x.example',
    'From: a@x.example\r\n \r\n\r\n',
  ])('that is only %j is verified without an error', async (text) => {
    const found = await check(Buffer.from(text), records, ELSEWHERE)
    expect(found.dkim.result).toBe('none')
    expect(found.dmarc.result).not.toBe('pass')
  })

  it.each([
    ['', '', ''],
    ['not an address', 'x', 'x'],
    ['192.0.2.1', '', 'a@b@c'],
    ['192.0.2.1', '[192.0.2.1]', ''],
    ['::ffff:192.0.2.1', LONG, `${LONG}@x.example`],
    ['2001:db8::1', 'h.example', '"a b\\"@c"@x.example'],
    ['192.0.2.1', '山.example', '山@山.example'],
    ['192.0.2.1', '%{i}.example', '%{l}@%{d}'],
  ])('from %j, HELO %j, reverse-path %j is verified without an error', async (ip, helo, reversePath) => {
    const { spf } = await check(`${FROM}\r\nx\r\n`, records, { ip, helo, reversePath })
    expect(spf.result).toMatch(/^(?:none|temperror|permerror)$/)
    expect(spf.reason.length).toBeLessThan(700)
  })
})
