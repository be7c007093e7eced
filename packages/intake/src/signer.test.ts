import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createId, domainTopic } from '@mairust/db'
import { type DkimKeyRow, insertDkimKey, privateKeyPlace, updateDkimKey } from '@mairust/db/queries/dkim-key'
import { type DomainRow, updateDomainRow } from '@mairust/db/queries/domain'
import type { TenantScope } from '@mairust/db/queries/scope'
import { openVault } from '@mairust/db/secrets'
import { makeDomain, makeScope, withDatabases } from '@mairust/db/testing'
import { silentLog } from '@mairust/log'
import { BodyHash, createSigningKey, type SigningAlgorithm, txtStrings, verify } from '@mairust/mail-core/auth'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMessageSigner, type MessageSigner } from './index.ts'

const OPENDKIM = '/usr/sbin/opendkim'
const MASTER = Buffer.alloc(32, 3)

const HEADER = [
  'Received: from a by b; Fri, 2 Jan 2026 03:04:05 +0000',
  'From: =?utf-8?q?H=C3=A1na?=\r\n <hana@DOMAIN>',
  'To: you@y.example,\r\n\tthem@z.example',
  'Subject:   Folded\r\n  and  \t spaced  ',
  'Date: Fri, 2 Jan 2026 03:04:05 +0000',
  'Message-ID: <1@DOMAIN>',
  'Comments: one',
  'Comments: two',
  'List-Id: <a.DOMAIN>',
  'List-Id: <b.DOMAIN>',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  '',
  '',
].join('\r\n')

const BODIES: Readonly<Record<string, Buffer>> = {
  plain: Buffer.from('Hello\r\nthere\r\n'),
  empty: Buffer.alloc(0),
  'one empty line': Buffer.from('\r\n'),
  'empty lines at the end': Buffer.from('Hello\r\n\r\n\r\n\r\n'),
  'no last line end': Buffer.from('Hello\r\nthere'),
  '8 bit': Buffer.concat([Buffer.from('こんにちは\r\n'), Buffer.from([0xff, 0xfe, 0x80, 0x0d, 0x0a])]),
  dots: Buffer.from('.\r\n..\r\n.hidden\r\n...\r\n'),
  'long lines': Buffer.from(`${'x'.repeat(5000)}\r\n${'word '.repeat(2000)}\r\n`),
  spaces: Buffer.from('a  b\t\tc \t\r\n \t \r\n  indented\r\n   \r\n'),
  large: Buffer.from('Line of text, 30 bytes long.\r\n'.repeat(50_000)),
}

withDatabases((get) => {
  let scope: TenantScope
  let domain: DomainRow
  let signer: MessageSigner
  const clock = { now: new Date() }
  const records = new Map<string, string>()

  const addKey = async (algorithm: SigningAlgorithm, given: Partial<DkimKeyRow> = {}, master = MASTER) => {
    const { privateKey, record } = await createSigningKey(algorithm)
    const id = createId('dkim')
    const row = await insertDkimKey(get().db, scope, {
      id,
      domainId: domain.id,
      selector: id.slice(-8),
      algorithm,
      privateKey: openVault(master).seal(privateKeyPlace(scope.tenantId, id), privateKey),
      record,
      state: 'active',
      createdAt: clock.now,
      ...given,
    })
    records.set(`${row.selector}._domainkey.${domain.name}`, record)
    return row
  }
  const changed = () =>
    get().db.transaction((tx) => get().changes.publish(tx, domainTopic(scope.tenantId, domain.name)))
  const header = () => Buffer.from(HEADER.replaceAll('DOMAIN', domain.name))
  const sign = (body: Uint8Array | AsyncIterable<Uint8Array> | { hash: string } = BODIES['plain'] ?? Buffer.alloc(0)) =>
    signer.sign({ tenantId: scope.tenantId, domain: domain.name, header: header(), body })
  const signatures = async () => (await sign()).match(/^DKIM-Signature:/gm)?.length ?? 0

  beforeEach(async () => {
    scope = await makeScope(get().db)
    domain = await makeDomain(get().db, scope)
    records.clear()
    clock.now = new Date()
    signer = createMessageSigner({ database: get(), masterKey: MASTER, log: silentLog, now: () => clock.now })
  })
  afterEach(() => signer.close())

  const verified = async (message: Buffer) => {
    const lookup = (name: string, type: string) => {
      const record = type === 'TXT' ? records.get(name) : undefined
      return record === undefined
        ? Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }))
        : Promise.resolve([txtStrings(record)])
    }
    const { dkim } = await verify(message, {
      session: { ip: '192.0.2.1', helo: 'mx.example', reversePath: '' },
      hostname: 'mail.example',
      lookups: { spf: lookup, dkim: lookup, dmarc: lookup },
      now: clock.now,
      trustedSealers: [],
    })
    return dkim.signatures.map(({ algorithm, result }) => `${algorithm} ${result}`)
  }

  describe('the signer', () => {
    it.each(Object.entries(BODIES))('signs a body (%s) with both keys, as mailauth agrees', async (_, body) => {
      await addKey('rsa-sha256')
      await addKey('ed25519-sha256')
      const fields = await sign(body)
      expect(await verified(Buffer.concat([Buffer.from(fields), header(), body]))).toEqual([
        'rsa-sha256 pass',
        'ed25519-sha256 pass',
      ])
    })

    it.skipIf(!existsSync(OPENDKIM)).each(Object.entries(BODIES))(
      'signs a body (%s) as OpenDKIM agrees (Debian: apt-get install opendkim)',
      async (_, body) => {
        await addKey('rsa-sha256')
        await addKey('ed25519-sha256')
        const folder = mkdtempSync(join(tmpdir(), 'mairust-signer-'))
        try {
          // SMTP ends every message with a line end; OpenDKIM expects one.
          const end = Buffer.from(body.length === 0 || body.at(-1) === 0x0a ? '' : '\r\n')
          const message = Buffer.concat([Buffer.from(await sign(body)), header(), body, end])
          writeFileSync(join(folder, 'message.eml'), message)
          writeFileSync(join(folder, 'dns.txt'), [...records].map(([name, record]) => `${name} ${record}\n`).join(''))
          writeFileSync(join(folder, 'opendkim.conf'), `Mode v\nTestDNSData file:${join(folder, 'dns.txt')}\n`)
          const args = ['-x', join(folder, 'opendkim.conf'), '-t', join(folder, 'message.eml'), '-vv']
          const said = execFileSync(OPENDKIM, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
          expect(said).toMatch(/dkim=pass \(2048-bit key\).*header\.a=rsa-sha256/)
          expect(said).toMatch(/dkim=pass header\.d=.*header\.a=ed25519-sha256/)
        } finally {
          rmSync(folder, { recursive: true })
        }
      },
    )

    it('makes the same of a body that streams by, and of its hash', async () => {
      await addKey('ed25519-sha256')
      const body = BODIES['large'] ?? Buffer.alloc(0)
      async function* stream() {
        for (let at = 0; at < body.length; at += 9999) yield await Promise.resolve(body.subarray(at, at + 9999))
      }
      const hash = new BodyHash()
      hash.update(body)
      const whole = await sign(body)
      expect(await sign(stream())).toBe(whole)
      expect(await sign({ hash: hash.digest() })).toBe(whole)
    })

    it.each<[string, Partial<DkimKeyRow>]>([
      ['pending', { state: 'pending' }],
      ['retired', { state: 'retired' }],
    ])('does not sign with a %s key, nor read the body for it', async (_, state) => {
      await addKey('rsa-sha256', state)
      const body = { [Symbol.asyncIterator]: vi.fn() }
      expect(await sign(body)).toBe('')
      expect(body[Symbol.asyncIterator]).not.toHaveBeenCalled()
    })

    it('signs for an active domain of the tenant alone', async () => {
      await addKey('ed25519-sha256')
      expect(await signatures()).toBe(1)
      const of = (change: { tenantId?: string; domain?: string }) =>
        signer.sign({
          tenantId: scope.tenantId,
          domain: domain.name,
          header: header(),
          body: Buffer.alloc(0),
          ...change,
        })
      expect(await of({ tenantId: (await makeScope(get().db)).tenantId })).toBe('')
      expect(await of({ domain: 'other.example' })).toBe('')
      await updateDomainRow(get().db, scope, domain.id, { status: 'suspended' })
      await changed()
      await expect.poll(signatures).toBe(0)
    })

    it('keeps keys for a minute, and follows a change of them at once', async () => {
      const first = await addKey('ed25519-sha256')
      expect(await signatures()).toBe(1)
      await addKey('rsa-sha256')
      expect(await signatures()).toBe(1)
      clock.now = new Date(clock.now.getTime() + 60_001)
      expect(await signatures()).toBe(2)
      await updateDkimKey(get().db, scope, first.id, { state: 'retired' })
      await changed()
      await expect.poll(signatures).toBe(1)
    })

    it('does without a key that another master key sealed, and says so; a damaged one is an error', async () => {
      const warn = vi.fn()
      signer.close()
      signer = createMessageSigner({ database: get(), masterKey: MASTER, log: { warn }, now: () => clock.now })
      await addKey('rsa-sha256', {}, Buffer.alloc(32, 4))
      await addKey('ed25519-sha256')
      expect(await signatures()).toBe(1)
      expect(warn).toHaveBeenCalledOnce()
      clock.now = new Date(clock.now.getTime() + 60_001)
      const { dkimKeys } = get().db.tables
      await get()
        .db.update(dkimKeys)
        .set({ privateKey: `${openVault(MASTER).mark}AAAA.AAAA` })
      await expect(sign()).rejects.toThrow()
    })
  })
})
