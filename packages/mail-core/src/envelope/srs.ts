import { createHmac } from 'node:crypto'
import type { Address } from '../address/types.ts'

/** How sender addresses are rewritten when mail is forwarded, so that SPF passes: the Sender Rewriting Scheme, as postsrsd speaks it. */
export interface SrsSettings {
  /** Of our addresses: bounces to it come back to us. */
  readonly domain: string
  /** The first signs; all are accepted, so that a secret can be replaced. */
  readonly secrets: readonly [string, ...string[]]
  /** Characters of the hash, 4 unless said otherwise: every one makes long addresses longer. */
  readonly hashLength?: number
  /** How many of them an address must have at least: fewer than `hashLength` while that is being raised. */
  readonly minHashLength?: number
  /** Days for which an address is accepted; 21 unless said otherwise. */
  readonly maxAgeDays?: number
}

export type SrsProblem = 'not_srs' | 'syntax' | 'hash' | 'expired'

export type SrsResult =
  { readonly ok: true; readonly address: Address } | { readonly ok: false; readonly problem: SrsProblem }

const DAY = 86_400_000
/** Two characters of base 32: the day, modulo 1024. */
const STAMP = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const SLOTS = 1024
const MAX_LOCAL_PART = 64 // octets, RFC 5321 §4.5.3.1.1
/** `SRS0` or `SRS1`, and the separator after it, which may be one of three; all later ones are `=`. */
const TAG = /^srs([01])([=+-])(.*)$/is

/**
 * The sender address of forwarded mail: SRS0 for an ordinary address, SRS1 for one that another forwarder has rewritten already. An
 * address of our own domain stays as it is. Null when the rewritten local part would be too long for RFC 5321.
 */
export function srsForward(sender: Address, settings: SrsSettings, now: Date): Address | null {
  if (sender.domain === settings.domain) return sender
  const localPart = rewritten(sender, settings, now)
  return Buffer.byteLength(localPart) > MAX_LOCAL_PART ? null : { localPart, domain: settings.domain, literal: false }
}

/** The address behind one of ours: the original sender's, or the first forwarder's. Case does not matter: some servers change it. */
export function srsReverse({ localPart }: Address, settings: SrsSettings, now: Date): SrsResult {
  const [, kind, separator = '', rest = ''] = TAG.exec(localPart) ?? []
  if (kind === undefined) return { ok: false, problem: 'not_srs' }
  return kind === '0' ? fromSrs0(rest, settings, now) : fromSrs1(rest, separator, settings)
}

/** Whether a local part looks like a rewritten one. */
export function isSrs({ localPart }: Address): boolean {
  return TAG.test(localPart)
}

function rewritten({ localPart, domain }: Address, settings: SrsSettings, now: Date): string {
  const [, kind, separator = '', rest = ''] = TAG.exec(localPart) ?? []
  if (kind === '0') return srs1(domain, `${separator}${rest}`, settings)
  const guarded = kind === '1' ? splitParts(rest, 3) : null
  if (guarded !== null) return srs1(guarded[1] ?? '', guarded[2] ?? '', settings)
  const stamp = stampOf(now)
  return ['SRS0', hashOf([stamp, domain, localPart], settings), stamp, domain, localPart].join('=')
}

const srs1 = (host: string, user: string, settings: SrsSettings) =>
  ['SRS1', hashOf([host, user], settings), host, user].join('=')

function fromSrs0(rest: string, settings: SrsSettings, now: Date): SrsResult {
  const parts = splitParts(rest, 4)
  if (parts === null) return { ok: false, problem: 'syntax' }
  const [hash = '', stamp = '', host = '', user = ''] = parts
  const age = ageInDays(stamp.toUpperCase(), now)
  if (age === null) return { ok: false, problem: 'syntax' }
  // The hash is of the stamp as it was made, in upper case; the comparison ignores case all the same.
  if (!isOurs(hash, [stamp, host, user], settings)) return { ok: false, problem: 'hash' }
  if (age > (settings.maxAgeDays ?? 21)) return { ok: false, problem: 'expired' }
  return { ok: true, address: addressOf(user, host) }
}

function fromSrs1(rest: string, separator: string, settings: SrsSettings): SrsResult {
  const parts = splitParts(rest, 3)
  if (parts === null || separator === '') return { ok: false, problem: 'syntax' }
  const [hash = '', host = '', user = ''] = parts
  if (!isOurs(hash, [host, user], settings)) return { ok: false, problem: 'hash' }
  // `user` begins with the first forwarder's own separator.
  return { ok: true, address: addressOf(`SRS0${user}`, host) }
}

/** Splits at `=` into so many parts, the last of which may contain more of them; null when one is missing or empty. */
function splitParts(text: string, count: number): readonly string[] | null {
  const all = text.split('=')
  const parts = [...all.slice(0, count - 1), all.slice(count - 1).join('=')]
  return all.length >= count && parts.every((part) => part !== '') ? parts : null
}

const addressOf = (localPart: string, host: string): Address => ({
  localPart,
  // As `parseLiteral` writes it.
  domain: host.toLowerCase().replace(/^\[ipv6:/, '[IPv6:'),
  literal: host.startsWith('['),
})

const dayOf = (now: Date) => Math.floor(now.getTime() / DAY) % SLOTS

function stampOf(now: Date): string {
  const day = dayOf(now)
  return `${STAMP.charAt(day >> 5)}${STAMP.charAt(day & 31)}`
}

/** A stamp of tomorrow is new: clocks differ. */
function ageInDays(stamp: string, now: Date): number | null {
  const digits = Array.from(stamp, (character) => STAMP.indexOf(character))
  const [high = -1, low = -1] = digits
  if (digits.length !== 2 || high < 0 || low < 0) return null
  const age = (dayOf(now) - (high * 32 + low) + SLOTS) % SLOTS
  return age === SLOTS - 1 ? 0 : age
}

function hashOf(parts: readonly string[], settings: SrsSettings, secret = settings.secrets[0]): string {
  const mac = createHmac('sha1', secret)
  // Only ASCII letters are folded, as C does.
  for (const part of parts) mac.update(part.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()))
  return mac.digest('base64').slice(0, settings.hashLength ?? 4)
}

function isOurs(hash: string, parts: readonly string[], settings: SrsSettings): boolean {
  const { hashLength = 4, minHashLength = hashLength, secrets } = settings
  if (hash.length < minHashLength || hash.length > hashLength) return false
  const given = hash.toLowerCase()
  return secrets.some((secret) => hashOf(parts, settings, secret).slice(0, given.length).toLowerCase() === given)
}
