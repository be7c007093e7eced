import { isId } from '../id.ts'

/**
 * Whether we wrote this Received field when the message came in from outside. One from submission (`with ESMTPSA`, RFC 3848, or `with
 * HTTP`) does not count: our user's mail returns with it from a mailing list, and that is not a loop.
 */
export function isOwnReceived(value: string, hostname: string): boolean {
  const words = value
    .replace(/\([^()]*\)/g, ' ')
    .replace(/;.*$/s, '')
    .trim()
    .split(/\s+/)
  const by = valueAfter(words, 'by')
  const id = valueAfter(words, 'id')
  const protocol = valueAfter(words, 'with')
  return (
    by.toLowerCase() === hostname.toLowerCase() && isId(id, 'jrn') && !/^(?:(?:E|UTF8)SMTPS?A|HTTP)$/i.test(protocol)
  )
}

/**
 * Whether this Authentication-Results value names us as the checking server. Only we may do so; RFC 8601 §5 requires removing
 * others' results in our name, however a lenient program may find it: a value that cannot be parsed up to the name counts as ours.
 */
export function claimsOurResults(value: string, hostname: string): boolean {
  const start = serverName(value)
  if (start === null) return true
  const ours = plainName(hostname)
  const whole = start.replace(/\s+\d+\s*$/, '').replaceAll(/\s/g, '')
  const [first = ''] = /^[\w.-]*/.exec(plainName(start)) ?? []
  return plainName(whole) === ours || plainName(first) === ours
}

/** What precedes the first result, without comments and quotes, wherever they are; null when one hides where it ends. */
function serverName(value: string): string | null {
  let [name, depth, isQuoted] = ['', 0, false]
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at] ?? ''
    if (character === '\\' && (isQuoted || depth > 0)) {
      at += 1
      if (depth === 0) name += value[at] ?? ''
    } else if (isQuoted) {
      if (character === '"') isQuoted = false
      else name += character
    } else if (character === '(') depth += 1
    else if (depth > 0) depth -= character === ')' ? 1 : 0
    else if (character === '"') isQuoted = true
    else if (character === ';') return name
    else name += character
  }
  return isQuoted || (depth > 0 && name.trim() === '') ? null : name
}

/** A name as programs compare it, some with other forms of its letters and dots (UTS 46). */
function plainName(name: string): string {
  const bytes = Buffer.from(name, 'latin1')
  const text = /[^\0-\xff]/.test(name) ? name : (fromUtf8(bytes) ?? name)
  return text.normalize('NFKC').replaceAll('\u3002', '.').trim().replace(/\.$/, '').toLowerCase()
}

function valueAfter(words: readonly string[], keyword: string): string {
  const at = words.findIndex((word) => word.toLowerCase() === keyword)
  return at === -1 ? '' : (words[at + 1] ?? '')
}

/** The text that bytes are; null when they are no UTF-8. */
function fromUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
