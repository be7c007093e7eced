/** Prefixes of public ids, one per entity. */
export const ID_PREFIXES = [
  'msg',
  'usr',
  'dom',
  'dkim',
  'mbx',
  'als',
  'fld',
  'thr',
  'hook',
  'key',
  'jrn',
  'jev',
  'out',
  'dlv',
  'sup',
  'ret',
  'tnt',
  'tag',
  'aud',
  'ses',
  'fail',
  'job',
] as const

export type IdPrefix = (typeof ID_PREFIXES)[number]

/** Where time (milliseconds since 1970) and random bytes come from. */
export interface IdSource {
  readonly now: () => number
  readonly random: (size: number) => Uint8Array
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const BODY = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/
const UUID_BYTES = 16
const MAX_TIME = 2 ** 48 - 1

/**
 * Creates the 16 bytes of a UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then random bits.
 * Two calls within one millisecond are not ordered; use `createUuidFactory` where order matters.
 */
export function newUuid(source: IdSource): Uint8Array {
  const bytes = new Uint8Array(UUID_BYTES)
  bytes.set(source.random(10), 6)
  writeTime(bytes, source.now())
  return stamp(bytes)
}

/**
 * Creates a generator of UUIDv7 bytes that always increase, even within a millisecond and when the clock steps back: it adds a
 * random amount to the 74 random bits (RFC 9562 §6.2, method 2).
 */
export function createUuidFactory(source: IdSource): () => Uint8Array {
  let last: Uint8Array = new Uint8Array(UUID_BYTES)
  let lastTime = -1
  return () => {
    const now = source.now()
    if (now > lastTime) {
      lastTime = now
      last = newUuid({ now: () => now, random: source.random })
      return last.slice()
    }
    const step = source.random(4)
    if (!increase(last, step)) {
      lastTime += 1
      const time = lastTime
      last = newUuid({ now: () => time, random: source.random })
    }
    return last.slice()
  }
}

/** Formats 16 UUID bytes as 8-4-4-4-12 hexadecimal digits (RFC 9562 §4). */
export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/**
 * Creates a generator of ids: prefix, `_`, and 26 lower-case Crockford base32 characters of a UUIDv7. They sort in the order of the
 * calls (see `createUuidFactory`).
 */
export function createIdFactory(source: IdSource): <P extends IdPrefix>(prefix: P) => `${P}_${string}` {
  const next = createUuidFactory(source)
  return (prefix) => `${prefix}_${encode(next())}`
}

/** Whether the value is an id with that prefix, in lower case, as we write them. */
export function isId<P extends IdPrefix>(value: unknown, prefix: P): value is `${P}_${string}` {
  return typeof value === 'string' && value.startsWith(`${prefix}_`) && BODY.test(value.slice(prefix.length + 1))
}

function writeTime(bytes: Uint8Array, time: number): void {
  let rest = Math.min(Math.max(Math.floor(time), 0), MAX_TIME)
  for (let index = 5; index >= 0; index -= 1) {
    bytes[index] = rest % 256
    rest = Math.floor(rest / 256)
  }
}

/** Sets version and variant (RFC 9562 §4.1, §4.2). */
function stamp(bytes: Uint8Array): Uint8Array {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes
}

/** Adds step + 1 to the 74 random bits in place; false on overflow. */
function increase(bytes: Uint8Array, step: Uint8Array): boolean {
  let carry = 1
  for (let index = 15; index >= 6; index -= 1) {
    const mask = index === 8 ? 0x3f : index === 6 ? 0x0f : 0xff
    const old = bytes[index] ?? 0
    const sum = (old & mask) + (step[index - 12] ?? 0) + carry
    bytes[index] = (old & ~mask) | (sum & mask)
    carry = sum > mask ? 1 : 0
    if (carry === 0 && index <= 12) return true
  }
  return carry === 0
}

function encode(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 2 // 128 bits fill 26 characters of 5 with two leading zero bits
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET.charAt((held >>> bits) & 31)
    }
    held &= (1 << bits) - 1
  }
  return text
}
