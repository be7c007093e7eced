import { beforeAll, describe, expect, it } from 'vitest'
import { BodyHash, sealHeader, sign, type SigningKey } from './index.ts'
import { check, NOW, type Txt } from './testing/check.ts'
import { keysFor, type TestKeys } from './testing/keys.ts'

let x: TestKeys
let first: TestKeys
let second: TestKeys
let records: Txt
beforeAll(async () => {
  x = await keysFor('x.example')
  first = await keysFor('first.example')
  second = await keysFor('second.example')
  records = {
    'x.example': 'v=spf1 ip4:192.0.2.1 -all',
    '_dmarc.x.example': 'v=DMARC1; p=reject',
    ...x.records,
    ...first.records,
    ...second.records,
  }
})
const TEXT = 'From: me@x.example\r\nTo: you@first.example\r\nSubject: Hello\r\n\r\nHello.\r\n'
const ELSEWHERE = { ip: '198.51.100.9', reversePath: 'srs@first.example' }
const TRUSTED = ['first.example', 'second.example']

/** Takes a message in and hands it on, sealed. */
async function handOn(
  message: string,
  key: SigningKey,
  session: { ip?: string; reversePath?: string } = {},
): Promise<string> {
  const found = await check(message, records, session)
  const at = message.indexOf('\r\n\r\n') + 4
  const hash = new BodyHash()
  hash.update(Buffer.from(message.slice(at)))
  const options = { key, now: NOW, hostname: `mx.${key.domain}`, found, ip: session.ip ?? '192.0.2.1' }
  return sealHeader(Buffer.from(message.slice(0, at)), hash.digest(), options) + message
}

describe('a seal of ours', () => {
  it('tells the next server that DMARC passed, if it trusts us', async () => {
    for (const key of [first.rsa, first.ed25519]) {
      const { arc, dmarc } = await check(await handOn(TEXT, key), records, { ...ELSEWHERE, trustedSealers: TRUSTED })
      expect(arc).toMatchObject({ result: 'pass', sealers: ['first.example'], vouchedBy: 'first.example' })
      expect(dmarc.result).toBe('fail')
    }
  })

  it('goes on top of the seals of others', async () => {
    const twice = await handOn(await handOn(TEXT, first.rsa), second.ed25519, ELSEWHERE)
    const thrice = await handOn(twice, first.ed25519, ELSEWHERE)
    for (const [message, sealers] of [
      [twice, ['first.example', 'second.example']],
      [thrice, ['first.example', 'second.example', 'first.example']],
    ] as const) {
      const { arc } = await check(message, records, { ...ELSEWHERE, trustedSealers: TRUSTED })
      expect(arc).toMatchObject({ result: 'pass', sealers, vouchedBy: 'first.example' })
    }
  })

  it('covers the message, its signatures and the results', async () => {
    const message = await handOn(sign(Buffer.from(TEXT), { keys: [x.rsa], now: NOW }) + TEXT, first.rsa)
    expect((await check(message, records, ELSEWHERE)).arc.result).toBe('pass')
    for (const [from, to] of [
      ['Hello.', 'Hullo.'],
      ['Subject: Hello', 'Subject: Hullo'],
      ['s=r; t=', 's=r; n=x; t='],
      [' dmarc=pass', ' dmarc=fail'],
      ['To: you', 'Cc: more@x.example\r\nTo: you'],
    ] as const) {
      const changed = message.replace(from, to)
      expect(changed).not.toBe(message)
      expect([from, (await check(changed, records, ELSEWHERE)).arc.result]).toEqual([from, 'fail'])
    }
  })

  it('says what we found', async () => {
    const message = await handOn(TEXT, first.rsa)
    expect(message).toContain(
      'ARC-Authentication-Results: i=1;\r\n mx.first.example;\r\n spf=pass smtp.mailfrom=x.example;\r\n',
    )
    expect(message).toContain('; cv=none; ')
    for (const line of message.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
  })

  it('is not put on a chain that is broken or could not be checked', async () => {
    const broken = (await handOn(TEXT, first.rsa)).replace('Hello.', 'Hullo.')
    expect(await handOn(broken, second.rsa)).toBe(broken)
    const found = await check(await handOn(TEXT, first.rsa), { ...records, 'r._domainkey.first.example': 'trouble' })
    expect(found.arc.result).toBe('temperror')
    const options = { key: second.rsa, now: NOW, hostname: 'mx', found, ip: '192.0.2.1' }
    expect(sealHeader(Buffer.from(TEXT), 'x', options)).toBe('')
  })
})
