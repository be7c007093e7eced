import { createPublicKey } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSigningKey, keyRecord, matchRecord, type NewKey, quotedTxt, txtStrings } from './index.ts'

let rsa: NewKey
let ed25519: NewKey
beforeAll(async () => {
  rsa = await createSigningKey('rsa-sha256')
  ed25519 = await createSigningKey('ed25519-sha256')
})

describe('a new key', () => {
  it('has 2048 bits, or is of Ed25519', () => {
    expect(createPublicKey(rsa.privateKey).asymmetricKeyDetails?.modulusLength).toBe(2048)
    expect(createPublicKey(ed25519.privateKey).asymmetricKeyType).toBe('ed25519')
    expect(rsa.record).toMatch(/^v=DKIM1; k=rsa; p=[\w+/]{300,}={0,2}$/)
    // RFC 8463 §4: the 32 bytes alone.
    expect(ed25519.record).toMatch(/^v=DKIM1; k=ed25519; p=[\w+/]{43}=$/)
  })

  it('has the record of RFC 8463 §A.2', () => {
    const key =
      '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n'
    expect(keyRecord('ed25519-sha256', key)).toBe('v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=')
  })
})

describe('a record', () => {
  it('is cut into strings that DNS can hold', () => {
    const strings = txtStrings(rsa.record)
    expect(strings.length).toBe(2)
    expect(Math.max(...strings.map((string) => string.length))).toBe(255)
    expect(strings.join('')).toBe(rsa.record)
    expect(txtStrings('')).toEqual([''])
    expect(quotedTxt(rsa.record)).toBe(`"${strings.join('" "')}"`)
    expect(quotedTxt(String.raw`a"b\c`)).toBe(String.raw`"a\"b\\c"`)
  })

  it.each<[string, (record: string) => string, string]>([
    ['as we made it', (record) => record, 'matches'],
    [
      'with more spaces, in another order',
      (record) => record.replace('p=', 'n=x y ; p= ').replaceAll(';', ' ; '),
      'matches',
    ],
    ['without its version', (record) => record.replace('v=DKIM1; ', ''), 'matches'],
    ['with a final semicolon', (record) => `${record};`, 'matches'],
    ['for testing', (record) => `${record}; t=y:s`, 'testing'],
    ['without a key', (record) => record.replace(/p=.*/, 'p='), 'revoked'],
    ['without p=', (record) => record.replace(/ p=.*/, ''), 'malformed'],
    ['with two keys', (record) => `${record}; p=x`, 'malformed'],
    ['of another version', (record) => record.replace('DKIM1', 'DKIM2'), 'malformed'],
    ['of another kind of key', (record) => record.replace(/k=\w+/, 'k=other'), 'other_key'],
    ['with another key', (record) => record.replace(/p=.../, 'p=AAA'), 'other_key'],
    ['of another program', () => 'v=spf1 -all', 'malformed'],
    ['with a hostile name', (record) => `${record}; __proto__=x`, 'matches'],
  ])('%s', (_, change, expected) => {
    for (const { record } of [rsa, ed25519]) expect(matchRecord(change(record), record)).toBe(expected)
  })

  it('of the other key is not ours', () => {
    expect(matchRecord(ed25519.record, rsa.record)).toBe('other_key')
  })
})
