import { describe, expect, it } from 'vitest'
import { openVault, OtherMasterKeyError, type SecretPlace } from './secrets.ts'

const PLACE: SecretPlace = { table: 'dkim_keys', column: 'private_key', tenantId: 'tnt_1', id: 'dkim_1' }
const vault = openVault(Buffer.alloc(32, 1))
const SECRET = '-----BEGIN PRIVATE KEY-----\n秘密\n'

describe('a sealed secret', () => {
  it('opens with the same master key in the same place', () => {
    const sealed = vault.seal(PLACE, SECRET)
    expect(openVault(Buffer.alloc(32, 1)).open(PLACE, sealed)).toBe(SECRET)
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('PRIVATE')
    expect(vault.open(PLACE, vault.seal(PLACE, ''))).toBe('')
  })

  it('is never the same twice', () => {
    expect(vault.seal(PLACE, SECRET)).not.toBe(vault.seal(PLACE, SECRET))
  })

  it.each<[string, Partial<SecretPlace>]>([
    ['table', { table: 'hooks' }],
    ['column', { column: 'other' }],
    ['tenant', { tenantId: 'tnt_2' }],
    ['row', { id: 'dkim_2' }],
  ])('does not open in another %s', (_, other) => {
    const sealed = vault.seal(PLACE, SECRET)
    expect(() => vault.open({ ...PLACE, ...other }, sealed)).toThrow()
  })

  it('does not open when any part of it was changed', () => {
    const sealed = vault.seal(PLACE, SECRET)
    for (let at = 0; at < sealed.length; at += 7) {
      const other = sealed[at] === 'A' ? 'B' : 'A'
      expect(() => vault.open(PLACE, sealed.slice(0, at) + other + sealed.slice(at + 1)), String(at)).toThrow()
    }
    expect(() => vault.open(PLACE, '')).toThrow()
    expect(() => vault.open(PLACE, sealed.slice(0, -20))).toThrow()
  })

  it('tells that it belongs to another master key', () => {
    const other = openVault(Buffer.alloc(32, 2))
    const sealed = vault.seal(PLACE, SECRET)
    expect([vault.isOurs(sealed), other.isOurs(sealed)]).toEqual([true, false])
    expect(() => other.open(PLACE, sealed)).toThrow(OtherMasterKeyError)
  })

  it('needs a master key of 32 bytes', () => {
    expect(() => openVault(Buffer.alloc(16))).toThrow(RangeError)
  })
})
