import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BodyHash, sign, signHeader } from './index.ts'
import { check, NOW } from './testing/check.ts'
import { keysFor, type TestKeys } from './testing/keys.ts'

const OPENDKIM = '/usr/sbin/opendkim'
let keys: TestKeys
beforeAll(async () => (keys = await keysFor('x.example')))

const MESSAGE = Buffer.from(
  [
    'Received: from a by b; Fri, 2 Jan 2026 03:04:05 +0000',
    'From: Me <me@x.example>',
    'To: you@y.example,',
    '\tthem@z.example',
    'Subject:   Hello \t there  ',
    'Date: Fri, 2 Jan 2026 03:04:05 +0000',
    'Message-ID: <1@x.example>',
    'List-Unsubscribe: <https://x.example/u/1>',
    'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    'X-Other: not signed',
    '',
    'A  line \t with  spaces  ',
    '..dots',
    '',
    '',
  ].join('\r\n'),
)
const both = () => ({ keys: [keys.rsa, keys.ed25519], now: NOW })
const signed = (message: Buffer) => Buffer.concat([Buffer.from(sign(message, both())), message])
const tagsOf = (field: string) =>
  new Map(
    field
      .slice(field.indexOf(':') + 1)
      .replaceAll(/\s+/g, '')
      .split(';')
      .map((tag) => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]),
  )

describe('a signature', () => {
  it('of either kind passes, and DMARC with it', async () => {
    const records = { ...keys.records, '_dmarc.x.example': 'v=DMARC1; p=reject; adkim=s' }
    const { dkim, dmarc } = await check(signed(MESSAGE), records)
    expect(dkim.signatures).toMatchObject([
      { result: 'pass', algorithm: 'rsa-sha256', selector: 'r', keyBits: 2048, weakKey: false, aligned: true },
      { result: 'pass', algorithm: 'ed25519-sha256', selector: 'e', keyBits: null, weakKey: false, aligned: true },
    ])
    expect(dmarc).toMatchObject({ result: 'pass', domain: 'x.example', alignedDkim: 'x.example' })
  })

  it('covers each important field once more than it is present, and ends after a week', () => {
    const tags = tagsOf(sign(MESSAGE, { ...both(), keys: [keys.rsa] }))
    const names = (tags.get('h') ?? '').split(':')
    const count = (name: string) => names.filter((each) => each === name).length
    for (const name of ['From', 'To', 'Subject', 'Date', 'Message-ID']) expect([name, count(name)]).toEqual([name, 2])
    for (const name of ['Cc', 'Reply-To', 'MIME-Version', 'Content-Type'])
      expect([name, count(name)]).toEqual([name, 1])
    expect(names).not.toContain('X-Other')
    expect(names).not.toContain('Received')
    expect(tags.has('l')).toBe(false)
    expect(Number(tags.get('x')) - Number(tags.get('t'))).toBe(7 * 86_400)
    expect(Number(tags.get('t'))).toBe(NOW.getTime() / 1000)
    expect([tags.get('c'), tags.get('d'), tags.get('s')]).toEqual(['relaxed/relaxed', 'x.example', 'r'])
  })

  it.each(['From', 'To', 'Cc', 'Subject', 'Date', 'Message-ID', 'Reply-To', 'MIME-Version', 'Content-Type'])(
    'does not survive another %s',
    async (name) => {
      const message = signed(MESSAGE)
      for (const changed of [
        Buffer.concat([Buffer.from(`${name}: more\r\n`), message]),
        Buffer.from(message.toString().replace('\r\n\r\nA  line', `\r\n${name}: more\r\n\r\nA  line`)),
      ]) {
        const { dkim } = await check(changed, keys.records)
        expect(dkim.signatures.map(({ result }) => result)).toEqual(['fail', 'fail'])
      }
    },
  )

  it.each([
    ['From: Me', 'From: Not me'],
    ['List-Unsubscribe-Post: L', 'List-Unsubscribe-Post: M'],
    ['dots', 'dot'],
    ['dots', 'dots\r\nmore'],
  ])('does not survive %j as %j', async (from, to) => {
    const { dkim } = await check(Buffer.from(signed(MESSAGE).toString().replace(from, to)), keys.records)
    expect(dkim).toMatchObject({ result: 'fail', signatures: [{ result: 'fail' }, { result: 'fail' }] })
  })

  it.each([
    ['spaces', 'Hello \t there', 'Hello there'],
    ['the end of lines', 'spaces  \r\n', 'spaces\r\n'],
    ['empty lines at the end', 'dots\r\n', 'dots\r\n\r\n\r\n'],
    ['fields that are not signed', 'X-Other: not signed', 'X-Other: changed'],
  ])('survives a change of %s', async (_, from, to) => {
    const { dkim } = await check(Buffer.from(signed(MESSAGE).toString().replace(from, to)), keys.records)
    expect(dkim.result).toBe('pass')
  })

  it('O52 covers both fields of the one-click unsubscription', () => {
    for (const key of [keys.rsa, keys.ed25519]) {
      const names = (tagsOf(sign(MESSAGE, { ...both(), keys: [key] })).get('h') ?? '').split(':')
      expect(names).toEqual(expect.arrayContaining(['List-Unsubscribe', 'List-Unsubscribe-Post']))
    }
  })

  it('is made of a header alone, with the hash of a body that passed by', () => {
    const at = MESSAGE.indexOf('\r\n\r\n') + 4
    const hash = new BodyHash()
    for (const byte of MESSAGE.subarray(at)) hash.update(Uint8Array.of(byte))
    const options = { ...both(), keys: [keys.ed25519] }
    expect(signHeader(MESSAGE.subarray(0, at), hash.digest(), options)).toBe(sign(MESSAGE, options))
  })

  it('has short lines', () => {
    for (const line of sign(MESSAGE, both()).split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
  })

  it('is not made for a header that nobody would verify', () => {
    expect(sign(Buffer.from(`From: a@x.example\r\n${'X: 1\r\n'.repeat(3000)}\r\nx`), both())).toBe('')
  })
})

describe('what sign signs, verify passes', () => {
  const name = fc.constantFrom(
    'From',
    'from',
    'TO',
    'Subject',
    'X-\x21',
    '__proto__',
    'constructor',
    'List-Id',
    'Dkim-Signature',
  )
  const text = fc.oneof(
    fc.string({
      unit: fc.constantFrom('a', ' ', '\t', ';', ':', '=', '\x80', '\xff', '\r\n ', '\r\n\t', '.'),
      maxLength: 40,
    }),
    fc.string({ maxLength: 40 }).map((value) => value.replaceAll(/[\r\n]/g, ' ')),
  )
  const header = fc.array(fc.tuple(name, fc.constantFrom(':', ': ', ' :\t'), text), { maxLength: 12 })
  const body = fc.string({
    unit: fc.constantFrom('a', ' ', '\t', '\r\n', '\r', '\0', '\xff', '.', 'word '),
    maxLength: 200,
  })

  it('whatever the header and the body', async () => {
    await fc.assert(
      fc.asyncProperty(header, body, async (fields, content) => {
        const lines = fields.map(([field, colon, value]) => `${field}${colon}${value}\r\n`).join('')
        const message = Buffer.from(`From: me@x.example\r\n${lines}\r\n${content}`, 'latin1')
        const { dkim } = await check(signed(message), keys.records)
        const ours = dkim.signatures.filter(({ domain }) => domain === 'x.example')
        expect(ours.map(({ result }) => result)).toEqual(['pass', 'pass'])
      }),
      { numRuns: 300 },
    )
  })

  it('without an empty line, and without a body', async () => {
    for (const message of ['From: me@x.example\r\n', 'From: me@x.example\r\n\r\n', 'From: me@x.example']) {
      const { dkim } = await check(signed(Buffer.from(message)), keys.records)
      expect([message, dkim.result]).toEqual([message, 'pass'])
    }
  })
})

describe.skipIf(!existsSync(OPENDKIM))('OpenDKIM (Debian: apt-get install opendkim)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mairust-opendkim-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function verdict(message: Buffer): string {
    writeFileSync(join(folder, 'message.eml'), message)
    const records = Object.entries(keys.records).map(([key, record]) => `${key} ${[record].flat().join('')}\n`)
    writeFileSync(join(folder, 'dns.txt'), records.join(''))
    writeFileSync(join(folder, 'opendkim.conf'), `Mode v\nTestDNSData file:${join(folder, 'dns.txt')}\n`)
    const args = ['-x', join(folder, 'opendkim.conf'), '-t', join(folder, 'message.eml'), '-vv']
    return execFileSync(OPENDKIM, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  }

  it('verifies both signatures', () => {
    const fresh = Buffer.concat([Buffer.from(sign(MESSAGE, { ...both(), now: new Date() })), MESSAGE])
    const said = verdict(fresh)
    expect(said).toMatch(/dkim=pass \(2048-bit key\) header\.d=x\.example .*header\.a=rsa-sha256/)
    expect(said).toMatch(/dkim=pass header\.d=x\.example .*header\.a=ed25519-sha256/)
    expect(said).toContain('succeeded')
  })

  it('sees a change', () => {
    const fresh = Buffer.concat([Buffer.from(sign(MESSAGE, { ...both(), now: new Date() })), MESSAGE])
    const said = verdict(Buffer.from(fresh.toString().replace('Hello', 'Hullo')))
    expect(said).not.toContain('dkim=pass')
    expect(said).toContain('failed')
  })
})
