import { normaliseAddress } from '../../address/index.ts'
import { oneLine } from '../../smtp/text.ts'
import { decodeUtf8Address } from '../../dsn/xtext.ts'

const MAX_ADDRESS = 320
/** Places of a line where an address may be: each is looked at on both sides. */
const MAX_TRIED = 20
/** Longest local part or domain. */
const MAX_SIDE = 255
/** Characters that end an address in running text. */
const BREAK = /[\s<>()[\]",;:'`*|、。：「」（）＜＞【】]/
/** Japanese and Chinese have no space around an address. */
const CJK = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]/u
/** Names of programs and their keepers: whom a bounce is from, not about. */
const KEEPERS = /^(?:mailer-daemon|postmaster|double-bounce|noreply|no-reply|abuse|support|helpdesk|hostmaster)@/i

/** The key of an address, or its text where it is none. */
export function addressText(text: string): string {
  const bare = oneLine(text, MAX_ADDRESS).replace(/^<(.*)>$/, '$1')
  return normaliseAddress(bare) ?? bare
}

/** The address of an Original- or Final-Recipient (RFC 3464 §2.3.1, RFC 6533 §3), with or without its type; null for none. */
export function typedAddress(value: string): string | null {
  const [, type = '', rest = value] = /^\s{0,9}([\w.-]{1,40})\s{0,9};(.*)$/s.exec(value) ?? []
  const address = type.toLowerCase() === 'utf-8' ? decodeUtf8Address(rest) : rest
  const inner = /<([^<>]{1,320})>/.exec(address)?.[1] ?? address.replace(/\s\(.*$/, '')
  const text = addressText(inner.trim())
  return text === '' ? null : text
}

/** The addresses in a line of text, in order, with their places. Linear. */
export function addressesIn(line: string): { address: string; start: number; end: number }[] {
  const found: { address: string; start: number; end: number }[] = []
  let left = MAX_TRIED
  for (let at = line.indexOf('@'); at !== -1 && left > 0; at = line.indexOf('@', at + 1)) {
    left -= 1
    const text = line
      .slice(endOf(line, at, -1), endOf(line, at, 1) + 1)
      .replace(/^mailto/i, '')
      .replace(/[.!?]{1,9}$/, '')
    const address = normaliseAddress(text)
    if (address === null || !text.includes('.', text.indexOf('@'))) continue
    const start = line.indexOf(text, Math.max(at - text.length, 0))
    found.push({ address, start, end: start + text.length })
  }
  return found
}

/** How far an address reaches from its `@` in one direction: to a character that none has, or one of another script. */
function endOf(line: string, at: number, step: 1 | -1): number {
  let last = at
  for (let next = at + step; next >= 0 && next < line.length && Math.abs(next - at) <= MAX_SIDE; next += step) {
    const character = line.charAt(next)
    const isOther = last !== at && CJK.test(character) && line.charCodeAt(last) < 0x80
    if (character === '@' || isOther || BREAK.test(character)) break
    last = next
  }
  return last
}

/** Whether an address is a keeper of mail rather than a reader of it. */
export const isKeeper = (address: string): boolean => KEEPERS.test(address)
