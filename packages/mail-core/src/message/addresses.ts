import type { MailboxAddress } from './types.ts'
import { decodeWords } from './words.ts'

/** Most mailboxes read of one field. */
const MAX_MAILBOXES = 1000

// An encoded word is kept whole, because mailers leave commas and brackets inside it.
const ENCODED_WORD = /=\?[^?\s]{1,80}\?[bq]\?[^?\s]*\?=/iy
const SPECIAL = /[\s"(<,;:]/

type Draft = { words: string; comment: string; address: string | null }

/**
 * Reads the mailboxes of an address field (RFC 5322 §3.4): groups are flattened, comments after an address serve as
 * name, source routes are dropped, and semicolons separate like commas. A name without an address is kept with
 * `address: ''`, so that a reader still sees it. Linear, never throws.
 */
export function parseAddressList(text: string): MailboxAddress[] {
  const mailboxes: MailboxAddress[] = []
  let draft: Draft = { words: '', comment: '', address: null }
  const flush = () => {
    const mailbox = finish(draft)
    if (mailbox) mailboxes.push(mailbox)
    draft = { words: '', comment: '', address: null }
  }
  let at = 0
  while (at < text.length && mailboxes.length < MAX_MAILBOXES) {
    const character = text[at] ?? ''
    if (character === ',' || character === ';') {
      flush()
      at += 1
    } else if (character === ':') {
      // The name of a group; a colon after an @ belongs to an odd address such as an IPv6 literal.
      if (draft.words.includes('@')) draft.words += ':'
      else draft = { words: '', comment: '', address: null }
      at += 1
    } else if (character === '"') {
      const quoted = readDelimited(text, at, '"')
      if (text[quoted.end] === '@') {
        // A quoted local part (RFC 5321 §4.1.2) keeps its quotes, being part of the address.
        const end = readAtom(text, quoted.end)
        draft.address ??= text.slice(at, end)
        at = end
      } else {
        draft.words += quoted.text
        at = quoted.end
      }
    } else if (character === '(') {
      const comment = readComment(text, at)
      draft.comment ||= comment.text
      at = comment.end
    } else if (character === '<') {
      const angle = readDelimited(text, at, '>')
      draft.address ??= angle.text
      at = angle.end
    } else {
      const end = readAtom(text, at)
      draft.words += text.slice(at, end)
      at = end
    }
  }
  flush()
  return mailboxes
}

/** One character of white space, an encoded word, or everything up to the next special character. */
function readAtom(text: string, at: number): number {
  if (text.startsWith('=?', at)) {
    ENCODED_WORD.lastIndex = at
    const match = ENCODED_WORD.exec(text)
    if (match) return at + match[0].length
  }
  let end = at + 1
  while (end < text.length && !SPECIAL.test(text[end] ?? '') && !text.startsWith('=?', end)) end += 1
  return end
}

/** Text up to an unescaped closing character, or up to the end when there is none. */
function readDelimited(text: string, start: number, close: string): { text: string; end: number } {
  let result = ''
  let at = start + 1
  while (at < text.length && text[at] !== close) {
    if (text[at] === '\\' && close === '"' && at + 1 < text.length) at += 1
    result += text[at] ?? ''
    at += 1
  }
  return { text: result, end: Math.min(at + 1, text.length) }
}

/** A comment, which may hold comments. */
function readComment(text: string, start: number): { text: string; end: number } {
  let depth = 1
  let result = ''
  let at = start + 1
  for (; at < text.length && depth > 0; at += 1) {
    const character = text[at] ?? ''
    if (character === '\\') {
      at += 1
      result += text[at] ?? ''
      continue
    }
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth > 0) result += character
  }
  return { text: result, end: Math.min(at, text.length) }
}

function finish(draft: Draft): MailboxAddress | null {
  const words = tidy(draft.words)
  if (draft.address !== null) {
    const address = cleanAddress(draft.address)
    return address === '' && words === '' ? null : { name: tidy(decodeWords(words || draft.comment)), address }
  }
  if (words === '') return null
  if (words.includes('@') && !words.includes(' '))
    return { name: tidy(decodeWords(draft.comment)), address: cleanAddress(words) }
  // `Name user@host`, without brackets.
  const [last, ...names] = words.split(' ').reverse()
  if (last?.includes('@')) return { name: tidy(decodeWords(names.reverse().join(' '))), address: cleanAddress(last) }
  return { name: tidy(decodeWords(words)), address: '' }
}

/** Without white space, control characters and the source route of RFC 5321 §4.1.2. */
function cleanAddress(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it removes
  const safe = text.replaceAll(/[\0-\x1f\x7f<>]/g, '').trim()
  const address = safe.startsWith('"') ? safe : safe.replaceAll(/\s/g, '')
  const colon = address.startsWith('@') ? address.indexOf(':') : -1
  return address.slice(colon + 1)
}

function tidy(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
