import { normaliseAddress } from '../../address/index.ts'
import { oneLine } from '../../smtp/text.ts'
import { decodeUtf8Address } from '../../dsn/xtext.ts'

const MAX_ADDRESS = 320
/** Characters that end an address in running text. */
const BREAK = /[\s<>()[\]",;:'`*|、。：「」（）＜＞【】]/
/** Japanese and Chinese have no space around an address. */
const GLUED_BEFORE = /^.{0,255}[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}](?=[\x21-\x7e]{1,64}@)/u
const GLUED_AFTER = /(?<=@[\x21-\x7e]{1,255})[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}].{0,255}$/u
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

/** The addresses in a line of text, in order, with the place after each. Linear. */
export function addressesIn(line: string): { address: string; start: number; end: number }[] {
  const found: { address: string; start: number; end: number }[] = []
  for (let at = line.indexOf('@'); at !== -1 && found.length < 50; at = line.indexOf('@', at + 1)) {
    let start = at
    while (start > 0 && at - start < 255 && !BREAK.test(line.charAt(start - 1))) start -= 1
    let end = at + 1
    while (end < line.length && end - at < 255 && !BREAK.test(line.charAt(end))) end += 1
    const text = line
      .slice(start, end)
      .replace(GLUED_BEFORE, '')
      .replace(GLUED_AFTER, '')
      .replace(/^mailto/i, '')
      .replace(/[.!?]{1,9}$/, '')
    const address = normaliseAddress(text)
    if (address !== null && text.includes('.', text.indexOf('@'))) found.push({ address, start, end })
  }
  return found
}

/** Whether an address is a keeper of mail rather than a reader of it. */
export const isKeeper = (address: string): boolean => KEEPERS.test(address)
