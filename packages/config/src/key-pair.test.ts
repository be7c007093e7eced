import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyPairWarnings, readKeyPair } from './key-pair.ts'
import { configSchema } from './schema/index.ts'

let folder: string
const at = (name: string): string => join(folder, name)
async function make(name: string): Promise<void> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], { keyType: 'ec' })
  writeFileSync(at(`${name}.crt`), cert)
  writeFileSync(at(`${name}.key`), key)
}
const read = (cert: string, key: string) => readKeyPair({ cert_path: at(cert), key_path: at(key) })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mairust-pair-'))
  await make('one')
  await make('two')
  writeFileSync(at('empty'), '')
  writeFileSync(at('broken.crt'), readFileSync(at('one.crt'), 'utf8').slice(0, 200))
  writeFileSync(at('broken.key'), readFileSync(at('one.key'), 'utf8').slice(0, 200))
  const cipher = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'secret' } as const
  writeFileSync(at('encrypted.key'), createPrivateKey(readFileSync(at('one.key'), 'utf8')).export(cipher))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a certificate and its key', () => {
  it('are read when they match, and are optional', () => {
    expect(read('one.crt', 'one.key')?.cert).toContain('BEGIN CERTIFICATE')
    expect(readKeyPair({ cert_path: '', key_path: '' })).toBeNull()
  })

  it.each([
    [
      'one.crt',
      'two.key',
      'two.key',
      /^.*: tls\.key_path: is not the key of the certificate in tls\.cert_path \(.*one\.crt\)$/,
    ],
    ['none.crt', 'one.key', 'none.crt', /tls\.cert_path: the file does not exist$/],
    ['one.crt', 'none.key', 'none.key', /tls\.key_path: the file does not exist$/],
    ['broken.crt', 'one.key', 'broken.crt', /tls\.cert_path: contains no PEM certificate/],
    ['one.key', 'one.key', 'one.key', /tls\.cert_path: contains no PEM certificate/],
    ['one.crt', 'broken.key', 'broken.key', /tls\.key_path: contains no PEM private key/],
    ['one.crt', 'one.crt', 'one.crt', /tls\.key_path: contains no PEM private key/],
    ['one.crt', 'empty', 'empty', /tls\.key_path: contains no PEM private key/],
    ['one.crt', 'encrypted.key', 'encrypted.key', /tls\.key_path: is encrypted; remove the passphrase/],
    ['one.crt', '.', '.', /tls\.key_path: the file cannot be read \(EISDIR\)$/],
  ])('%s and %s: names file, setting and remedy', (cert, key, file, message) => {
    expect(() => read(cert, key)).toThrow(message)
    expect(() => read(cert, key)).toThrow(at(file))
  })
})

describe('a certificate that can be used all the same', () => {
  const warnings = (cert_path: string, hostname: string, now = new Date()) => {
    const pair = read('one.crt', 'one.key')
    if (pair === null) throw new Error('no pair')
    const { server, tls } = configSchema.parse({ server: { hostname } })
    return keyPairWarnings(pair, { server, tls: { ...tls, cert_path } }, now)
  }
  const YEARS = 20 * 365 * 86_400_000

  it.each([
    ['another name', 'two', 0, /^one\.crt: tls\.cert_path: is not for server\.hostname, two, but for .*one/],
    [
      'an end that has passed',
      'one',
      YEARS,
      /^one\.crt: tls\.cert_path: expired on 20.*; renew it, then run "mairust reload"$/,
    ],
    ['a beginning to come', 'one', -YEARS, /^one\.crt: tls\.cert_path: is not valid before 20/],
  ])('with %s has a warning', (_, hostname, after, message) => {
    expect(warnings('one.crt', hostname, new Date(Date.now() + after))).toEqual([expect.stringMatching(message)])
  })

  it('has none when all is well, or when nobody configured it', () => {
    expect(warnings('one.crt', 'one')).toEqual([])
    expect(warnings('', 'two')).toEqual([])
  })
})
