import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Address } from '../address/types.ts'
import { isId } from '../id.ts'

/** A key that signs return paths. */
export interface ReturnPathKey {
  /** One letter or digit of the address: which key signed it. */
  readonly id: string
  readonly secret: string
}

/** How the envelope senders of our mail are made, to which remotes send what they have to say about it (O47). */
export interface ReturnPathSettings {
  /** The first signs; all are accepted, so that a key can be replaced. */
  readonly keys: readonly [ReturnPathKey, ...ReturnPathKey[]]
  /** What local parts begin with: at most 15 lower-case letters and digits; `bounce` unless said otherwise. */
  readonly prefix?: string
  /** Days for which an address is accepted; 30 unless said otherwise: bounces come within a week, complaints within some. */
  readonly lifeDays?: number
}

/** What a return path leads back to: the only delivery of a message, or one with several. */
export type ReturnPathSubject = `dlv_${string}` | `out_${string}`

export type ReturnPathProblem = 'not_ours' | 'key' | 'signature' | 'expired'

export type ReturnPathResult =
  | { readonly ok: true; readonly subject: ReturnPathSubject; readonly ageDays: number }
  | { readonly ok: false; readonly problem: ReturnPathProblem }

const DAY = 86_400_000
/** Lower case alone, as remotes fold case; without letters that look alike. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const STAMP_SLOTS = 32 ** 3 // 89 years
const MAC_LENGTH = 16 // characters of 5 bits
const KINDS = { d: 'dlv', o: 'out' } as const
const PREFIX = /^[a-z0-9]{1,15}$/ // leaves the local part at 64 octets or less (RFC 5321 §4.5.3.1.1)
const KEY_ID = /^[0-9a-hjkmnp-tv-z]$/
const SHAPE = /^([a-z0-9]{1,15})-([do])([0-9a-z]{26})-([0-9a-z])([0-9a-z]{3})-([0-9a-z]{16})$/

/**
 * The envelope sender for a message or one of its deliveries: `bounce-d<id>-<key><day>-<signature>`. Nobody else can make one, and it
 * is worth nothing after its life.
 * @param domain of the address, in A-labels; it is part of what is signed
 * @throws TypeError when subject, key or prefix are not of their form, which is a mistake of the caller's
 */
export function returnPathOf(
  subject: ReturnPathSubject,
  domain: string,
  settings: ReturnPathSettings,
  now: Date,
): Address {
  const [key] = settings.keys
  const prefix = settings.prefix ?? 'bounce'
  if (!PREFIX.test(prefix) || !KEY_ID.test(key.id)) throw new TypeError('a return path has a short prefix and key id')
  if (!isId(subject, 'dlv') && !isId(subject, 'out')) throw new TypeError('a return path is of a delivery or message')
  const signed = `${prefix}-${subject.charAt(0)}${subject.slice(4)}-${key.id}${encode(dayOf(now), 3)}`
  return { localPart: `${signed}-${macOf(signed, domain, key)}`, domain, literal: false }
}

/** What one of our return paths leads back to, in whatever case it comes back; or why it leads nowhere. */
export function readReturnPath(address: Address, settings: ReturnPathSettings, now: Date): ReturnPathResult {
  const localPart = address.localPart.toLowerCase()
  const [, prefix, kind = '', id = '', keyId, stamp = '', mac = ''] = SHAPE.exec(localPart) ?? []
  const subject = `${kind === 'd' ? KINDS.d : KINDS.o}_${id}` as const
  const isSubject = isId(subject, 'dlv') || isId(subject, 'out')
  if (prefix !== (settings.prefix ?? 'bounce') || !isSubject) return { ok: false, problem: 'not_ours' }
  const key = settings.keys.find((each) => each.id === keyId)
  if (key === undefined) return { ok: false, problem: 'key' }
  const signed = localPart.slice(0, -MAC_LENGTH - 1)
  if (!isSame(mac, macOf(signed, address.domain, key))) return { ok: false, problem: 'signature' }
  const ageDays = ageOf(stamp, now)
  if (ageDays > (settings.lifeDays ?? 30)) return { ok: false, problem: 'expired' }
  return { ok: true, subject, ageDays }
}

/** Whether an address looks like one of our return paths, whoever signed it. */
export function isReturnPath(
  { localPart }: Address,
  { prefix = 'bounce' }: Pick<ReturnPathSettings, 'prefix'>,
): boolean {
  return SHAPE.exec(localPart.toLowerCase())?.[1] === prefix
}

const dayOf = (now: Date): number => Math.floor(now.getTime() / DAY) % STAMP_SLOTS

/** A stamp of tomorrow is new: clocks differ. */
function ageOf(stamp: string, now: Date): number {
  const made = Array.from(stamp).reduce((value, digit) => value * 32 + ALPHABET.indexOf(digit), 0)
  const age = (dayOf(now) - made + STAMP_SLOTS) % STAMP_SLOTS
  return age === STAMP_SLOTS - 1 ? 0 : age
}

function macOf(signed: string, domain: string, { secret }: ReturnPathKey): string {
  const mac = createHmac('sha256', secret).update(`return-path\n${signed}\n${domain.toLowerCase()}`).digest()
  return Array.from(mac.subarray(0, MAC_LENGTH), (byte) => ALPHABET.charAt(byte & 31)).join('')
}

function isSame(given: string, wanted: string): boolean {
  return given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted))
}

function encode(value: number, length: number): string {
  return Array.from({ length }, (_, at) => ALPHABET.charAt((value >>> (5 * (length - 1 - at))) & 31)).join('')
}
