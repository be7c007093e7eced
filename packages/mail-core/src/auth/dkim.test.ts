import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dkimSign } from 'mailauth'
import { beforeAll, describe, expect, it } from 'vitest'
import { keyRecord } from './index.ts'
import { check, NOW } from './testing/check.ts'
import { keysFor, type TestKey, type TestKeys } from './testing/keys.ts'

let keys: TestKeys
beforeAll(async () => (keys = await keysFor('x.example')))

const MESSAGE = 'From: me@x.example\r\nTo: you@y.example\r\nSubject: Hello\r\n\r\nHello.\r\n'

/** Signs with another program, which can do what ours does not. */
async function signOther(
  message: string,
  extra: Record<string, unknown> = {},
  { domain, selector, privateKey }: TestKey = keys.rsa,
) {
  const key = { signingDomain: domain, selector, privateKey: privateKey, ...extra }
  const { signatures, errors } = await dkimSign(message, { signTime: NOW, ...key, signatureData: [key] })
  expect(errors).toEqual([])
  return `${signatures}${message}`
}

const fixture = (name: string) => readFileSync(new URL(`fixtures/dkim/${name}.eml`, import.meta.url), 'latin1')

describe('the examples of the RFCs verify', () => {
  it('RFC 6376 §A.2', async () => {
    const record =
      'v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB'
    const { dkim } = await check(fixture('rfc6376'), { 'brisbane._domainkey.example.com': record })
    expect(dkim).toMatchObject({
      result: 'pass',
      signatures: [
        {
          domain: 'example.com',
          selector: 'brisbane',
          identity: 'joe@football.example.com',
          keyBits: 1024,
          weakKey: true,
          start: 'AuUoFEfD',
        },
      ],
    })
  })

  it('RFC 8463 §A.3', async () => {
    const { dkim } = await check(fixture('rfc8463'), {
      'brisbane._domainkey.football.example.com': 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
      'test._domainkey.football.example.com':
        'v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB',
    })
    expect(dkim.signatures).toMatchObject([
      { result: 'pass', algorithm: 'ed25519-sha256', keyBits: null },
      { result: 'pass', algorithm: 'rsa-sha256', keyBits: 1024 },
    ])
  })
})

describe('a signature that another program made', () => {
  it.each(['relaxed/relaxed', 'simple/simple', 'relaxed/simple', 'simple/relaxed'])(
    'in the form %s passes',
    async (canonicalization) => {
      const { dkim } = await check(await signOther(MESSAGE, { canonicalization }), keys.records)
      expect(dkim).toMatchObject({ result: 'pass', reason: 'The signature matches the message' })
    },
  )

  it.each([6, 3, 0, 8])(
    'that covers %d bytes of the body (l=) does not count, whether more was added or not',
    async (maxBodyLength) => {
      const records = { ...keys.records, '_dmarc.x.example': 'v=DMARC1; p=reject' }
      const signed = await signOther(MESSAGE, { maxBodyLength })
      for (const message of [signed, `${signed}<p>Buy this</p>\r\n`]) {
        const { dkim, dmarc } = await check(message, records)
        expect(dkim.signatures).toMatchObject([{ result: 'neutral', aligned: false }])
        expect(dkim.reason).toMatch(/^The signature covers only the first \d bytes of the body$/)
        expect(dmarc).toMatchObject({ result: 'fail', alignedDkim: null })
      }
    },
  )

  it.each([
    [59 * 60, 'pass'],
    [60 * 60, 'pass'],
    [60 * 60 + 1, 'neutral'],
    [86_400, 'neutral'],
  ])('dated %d seconds ahead is %s', async (ahead, result) => {
    const signed = await signOther(MESSAGE, { signTime: new Date(NOW.getTime() + ahead * 1000) })
    expect((await check(signed, keys.records)).dkim.result).toBe(result)
  })

  it('that has expired does not count', async () => {
    const signed = await signOther(MESSAGE, { expires: new Date(NOW.getTime() + 60_000) })
    expect((await check(signed, keys.records)).dkim.result).toBe('pass')
    const late = await check(signed, keys.records, { now: new Date(NOW.getTime() + 120_000) })
    expect(late.dkim).toMatchObject({ result: 'neutral', reason: 'The signature has expired' })
  })

  it.each([
    [1024, 'pass', true],
    [1536, 'pass', true],
    [3072, 'pass', false],
    [768, 'fail', false],
  ])('with an RSA key of %d bits: %s, weak: %s', async (modulusLength, result, weakKey) => {
    const privateKey = generateKeyPairSync('rsa', { modulusLength })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString()
    const key = { domain: 'x.example', selector: 'w', algorithm: 'rsa-sha256', privateKey } as const
    const records = { 'w._domainkey.x.example': keyRecord('rsa-sha256', privateKey) }
    const { dkim } = await check(await signOther(MESSAGE, {}, key), records)
    expect(dkim.signatures).toMatchObject([{ result, weakKey }])
    if (result === 'fail') expect(dkim.reason).toBe('The RSA key has fewer than 1024 bits')
  })

  it.each<[string, (message: string) => string, string, string]>([
    ['with another body', (m) => m.replace('Hello.', 'Hullo.'), 'fail', 'The body was changed after it was signed'],
    [
      'with another subject',
      (m) => m.replace('Subject: H', 'Subject: h'),
      'fail',
      'The header was changed after it was signed, or another key signed it',
    ],
    ['without a selector', (m) => m.replace(/ s=r;/, ''), 'neutral', 'The signature lacks a part'],
    ['twice as long', (m) => m.replace(' s=r;', ' s=r; s=r;'), 'neutral', 'The signature is malformed'],
    [
      'of an unknown algorithm',
      (m) => m.replace('rsa-sha256', 'rsa-md5'),
      'neutral',
      'The signature uses an unknown algorithm',
    ],
    [
      'of another selector',
      (m) => m.replace(' s=r;', ' s=z;'),
      'neutral',
      'The domain publishes no key for this selector',
    ],
    ['with SHA-1', (m) => m.replace('rsa-sha256', 'rsa-sha1'), 'fail', 'The body was changed after it was signed'],
    [
      'without From',
      (m) => m.replace(/h=[^;]*;/, 'h=Subject;'),
      'neutral',
      'The signature does not cover the From field',
    ],
  ])('%s does not pass', async (_, change, result, reason) => {
    const { dkim } = await check(change(await signOther(MESSAGE)), keys.records)
    expect(dkim).toMatchObject({ result, reason })
  })

  it.each([
    ['v=DKIM1; k=rsa; p=', 'The key record holds no valid key, or the key was revoked'],
    ['v=DKIM1; k=rsa; p=!!!', 'The key record holds no valid key, or the key was revoked'],
    ['v=DKIM9; p=AAAA', 'The key record is of an unknown version'],
    ['v=DKIM1; s=other; p=AAAA', 'The key is not for mail'],
  ])('whose key record is %j is neutral', async (record, reason) => {
    const { dkim } = await check(await signOther(MESSAGE), { 'r._domainkey.x.example': record })
    expect(dkim).toMatchObject({ result: 'neutral', reason, signatures: [{ record: record.replaceAll(' ', '') }] })
  })

  it('whose key DNS fails to tell is temperror', async () => {
    const { dkim } = await check(await signOther(MESSAGE), { 'r._domainkey.x.example': 'trouble' })
    expect(dkim).toMatchObject({ result: 'temperror', reason: 'The key could not be looked up for now' })
  })
})

it('a message without a signature has none', async () => {
  expect((await check(MESSAGE, {})).dkim).toEqual({
    result: 'none',
    signatures: [],
    ignored: 0,
    reason: 'The message is not signed',
  })
})
