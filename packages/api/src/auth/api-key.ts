import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Keys } from './keys.ts'

const LOOKUP_ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz'
const KEY = /^mk_live_([0-9a-z]{8})_([\w-]{43})_([0-9A-Za-z]{6})$/

/** A new key. `text` is shown once and never stored. */
export interface NewApiKey {
  text: string
  lookup: string
  secretHash: string
}

/** Makes a key: `mk_live_<8-character id>_<43 characters base64url of 32 random bytes>_<6-character CRC32>`. */
export const makeApiKey = (keys: Keys): NewApiKey => {
  const lookup = Array.from({ length: 8 }, () => LOOKUP_ALPHABET.charAt(randomInt(LOOKUP_ALPHABET.length))).join('')
  const secret = randomBytes(32).toString('base64url')
  const body = `mk_live_${lookup}_${secret}`
  return { text: `${body}_${checksum(body)}`, lookup, secretHash: hashSecret(keys, secret) }
}

/** The parts of a key, or null if the text is not a key or was mistyped. */
export const readApiKey = (text: string): { lookup: string; secret: string } | null => {
  const [, lookup, secret, sum] = KEY.exec(text) ?? []
  if (lookup === undefined || secret === undefined || sum === undefined) return null
  return checksum(text.slice(0, -7)) === sum ? { lookup, secret } : null
}

/** Whether a secret matches a stored hash, in constant time. */
export const isSecretOf = (keys: Keys, secret: string, storedHash: string): boolean => {
  const given = Buffer.from(hashSecret(keys, secret))
  const stored = Buffer.from(storedHash)
  return given.length === stored.length && timingSafeEqual(given, stored)
}

/** 256 random bits need no slow hash; the pepper makes a stolen database useless without the master key. */
const hashSecret = (keys: Keys, secret: string): string =>
  createHmac('sha256', keys.derive('api-key-pepper')).update(secret).digest('base64url')

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** CRC32 in six digits of base 62. It detects typing errors and lets secret scanners recognise keys. */
const checksum = (body: string): string => {
  let rest = crc32(body)
  let digits = ''
  for (let place = 0; place < 6; place += 1) {
    digits = BASE62.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
