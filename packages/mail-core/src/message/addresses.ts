import { shownAddress, shownText } from '../shown-text.ts'
import { SHOWN } from './shown.ts'
import type { MailboxAddress } from './types.ts'
import { decodeWords, wordAt } from './words.ts'

/** Most mailboxes read from one field: one more than is shown tells that there are more. */
const MAX_MAILBOXES = SHOWN.mailboxes + 1

const SPECIAL = /[\s"(<,;:]/
/** What may precede and follow a quoted string; elsewhere a quote is part of a word. */
const BEFORE_QUOTE = /[\s"(),;:<>.@]/
const AFTER_QUOTE = /[\s"(),;:<>.@=]/

/** A mailbox being parsed; `after` is the text following its address. */
type Draft = { words: string; comment: string; address: string | null; after: string; hasAt: boolean }
const emptyDraft = (words = ''): Draft => ({ words, comment: '', address: null, after: '', hasAt: false })

/**
 * Parses an address field (RFC 5322 §3.4): groups are flattened, a comment after an address serves as the name, source routes are
 * dropped, and semicolons separate like commas. Text before an unquoted comma or colon belongs to the name that follows. A field
 * without any address yields its name alone, with `address: ''`, so that readers still see it. Linear, never throws.
 */
export function parseAddressList(text: string): MailboxAddress[] {
  const found: MailboxAddress[] = []
  let draft = emptyDraft()
  // Groups end with a semicolon (RFC 5322 §3.4); without one a colon belongs to a name.
  const lastSemicolon = text.lastIndexOf(';')
  const lastQuote = text.lastIndexOf('"')
  const lastBracket = text.lastIndexOf(')')
  const flush = () => {
    for (const mailbox of finish(draft).slice(0, MAX_MAILBOXES - found.length)) found.push(mailbox)
    draft = emptyDraft()
  }
  let at = 0
  while (at < text.length && found.length < MAX_MAILBOXES) {
    const character = text[at] ?? ''
    if (character === ',' && draft.address === null && !draft.hasAt) {
      // `Smith, Jr <js@example.net>`: no address so far.
      if (draft.words !== '') draft.words += ','
      at += 1
    } else if (character === ',' || character === ';') {
      flush()
      at += 1
    } else if (character === ':') {
      // A colon after an @ belongs to an odd address such as an IPv6 literal.
      if (draft.hasAt || at > lastSemicolon) draft.words += ':'
      else draft = emptyDraft()
      at += 1
    } else if (character === '"') {
      const end = BEFORE_QUOTE.test(text[at - 1] ?? ' ') ? endOfQuoted(text, at, lastQuote) : -1
      if (end !== -1 && text[end] === '@') {
        // A quoted local part (RFC 5321 §4.1.2) keeps its quotes: they are part of the address.
        const atomEnd = readAtom(text, end)
        if (draft.address !== null) flush()
        draft.address = text.slice(at, atomEnd)
        at = atomEnd
      } else {
        if (end !== -1) addWords(draft, unescape(text.slice(at + 1, end - 1)))
        at = end === -1 ? at + 1 : end
      }
    } else if (character === '(' && at < lastBracket) {
      const comment = readComment(text, at)
      draft.comment ||= comment.text
      at = comment.end
    } else if (character === '<') {
      const close = text.indexOf('>', at)
      const end = close === -1 ? text.length : close
      const inside = withoutComments(text.slice(at + 1, end))
      if (draft.address !== null && inside.includes('@')) {
        // The comma between two mailboxes is missing.
        const { after } = draft
        draft.after = ''
        flush()
        draft = emptyDraft(after)
      }
      draft.address ??= inside
      at = end + 1
    } else {
      const end = readAtom(text, at)
      addWords(draft, text.slice(at, end))
      at = end
    }
  }
  flush()
  const real = found.filter(({ address }) => address !== '')
  return real.length > 0 ? real : found.slice(0, 1)
}

function addWords(draft: Draft, words: string): void {
  if (draft.address === null) draft.words += words
  else draft.after += words
  draft.hasAt ||= words.includes('@')
}

/** Ends after one white space character, an encoded word, or the text up to the next special character. */
function readAtom(text: string, at: number): number {
  // An encoded word is kept whole, because mailers leave commas and brackets inside it.
  if (text.startsWith('=?', at)) return endOfWord(text, at)
  let end = at + 1
  while (end < text.length && !SPECIAL.test(text[end] ?? '') && !text.startsWith('=?', end)) end += 1
  return end
}

/** Longest encoded word that is kept whole; RFC 2047 §2 allows 75 characters. */
const MAX_WORD = 200

function endOfWord(text: string, at: number): number {
  return at + (wordAt(text.slice(at, at + MAX_WORD))?.end ?? 2)
}

/** The position after the closing quote of the string that begins at `start`, one that no word follows; -1 when there is none. */
function endOfQuoted(text: string, start: number, lastQuote: number): number {
  if (start >= lastQuote) return -1
  for (let at = start + 1; at <= lastQuote; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"' && AFTER_QUOTE.test(text[at + 1] ?? ' ')) return at + 1
  }
  return lastQuote + 1
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1')
}

/** Comments nest. */
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

/** An address may have comments anywhere (RFC 5322 §4.4); a quoted local part may have parentheses. */
function withoutComments(address: string): string {
  if (address.startsWith('"') || !address.includes('(')) return address
  let plain = ''
  let at = 0
  const lastBracket = address.lastIndexOf(')')
  while (at < address.length) {
    if (address[at] === '(' && at < lastBracket) at = readComment(address, at).end
    else {
      plain += address[at] ?? ''
      at += 1
    }
  }
  return plain
}

function finish(draft: Draft): MailboxAddress[] {
  const words = strip(tidy(draft.words), /[,:\s]/, 'end')
  if (draft.address !== null) {
    const address = cleanAddress(draft.address)
    if (address === '' && words.includes('@')) return finish({ ...draft, address: null })
    return address === '' && words === '' ? [] : [{ name: nameOf(words || draft.comment || draft.after), address }]
  }
  // `undisclosed-recipients:` is the name of an empty group.
  if (words === '' || (!words.includes('@') && /:\s*$/.test(draft.words))) return []
  // Encoded words are not decoded here: text that authentication did not read as an address must not be shown as one.
  return withoutBrackets(words, draft.comment) ?? [{ name: nameOf(words), address: '' }]
}

/**
 * Finds addresses without brackets: `Name user@host`, `a@x b@y`, or name and address in one pair of quotes. Null when there is
 * none.
 */
function withoutBrackets(words: string, comment: string): MailboxAddress[] | null {
  if (!words.includes('@')) return null
  if (words.includes('=?')) return null
  const [, name = '', address = ''] = /^([^<>]*)<([^<>]*)>/.exec(words) ?? []
  if (address.includes('@')) return [{ name: nameOf(name), address: cleanAddress(address) }]
  // White space before a dot of the domain is obsolete (RFC 5322 §4.4).
  const parts = words
    .replaceAll(/(?<=@\S{1,255})\s+\.\s*/g, '.')
    .split(/[\s<>]+/)
    .filter((part) => part !== '')
  const addresses = parts.filter((part) => part.includes('@'))
  const names = parts.filter((part) => !part.includes('@')).join(' ')
  return addresses.map((part, at) => ({ name: at === 0 ? nameOf(names || comment) : '', address: cleanAddress(part) }))
}

function nameOf(words: string): string {
  return strip(shownText(decodeWords(words)).replace(/^'(.+)'$/, '$1'), /[,:>\s]/)
}

/** Strips white space, invisible characters, `mailto:` and the source route of RFC 5321 §4.1.2. */
function cleanAddress(text: string): string {
  const safe = shownAddress(text.replaceAll(/[<>]/g, ''))
    .trim()
    .replace(/^mailto:/i, '')
  const bare = /^(?:"[^"@\s]+@[^"\s]+"|\[[^[\]@\s]+@[^[\]\s]+\])$/.test(safe)
    ? safe.slice(1, -1).replace(/^mailto:/i, '')
    : safe
  const address = bare.startsWith('"') ? bare : strip(bare.replaceAll(/\s/g, ''), /[,;'"]/)
  const colon = address.startsWith('@') ? address.indexOf(':') : -1
  return address.slice(colon + 1)
}

/** Strips stray characters from both ends or one, in one pass: a pattern that ends with `+$` takes quadratic time. */
function strip(text: string, stray: RegExp, ends: 'both' | 'end' = 'both'): string {
  let [start, end] = [0, text.length]
  while (ends === 'both' && start < end && stray.test(text[start] ?? '')) start += 1
  while (end > start && stray.test(text[end - 1] ?? '')) end -= 1
  return text.slice(start, end)
}

function tidy(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
