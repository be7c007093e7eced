import { isId } from '../id.ts'

/**
 * Whether we wrote this Received field when the message came in from outside. One from submission (`with ESMTPSA`, RFC 3848) does
 * not count: our user's mail returns with it from a mailing list, and that is not a loop.
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
  return by.toLowerCase() === hostname.toLowerCase() && isId(id, 'jrn') && !/^(?:E|UTF8)SMTPS?A$/i.test(protocol)
}

/**
 * Whether this Authentication-Results value names us as the checking server. Only we may do so; RFC 8601 §5 requires removing
 * others' results in our name. A value that cannot be parsed up to the name counts as ours.
 */
export function claimsOurResults(value: string, hostname: string): boolean {
  const start = afterComments(value)
  if (start === null) return true
  const quoted = value[start] === '"'
  const match = quoted ? /"((?:[^"\\]|\\.)*)"/sy : /[^\s;(]*/y
  match.lastIndex = start
  const found = match.exec(value)
  if (found === null) return true
  const id = quoted ? (found[1] ?? '').replaceAll(/\\(.)/gs, '$1') : found[0]
  return id.replace(/\.$/, '').toLowerCase() === hostname.toLowerCase()
}

function valueAfter(words: readonly string[], keyword: string): string {
  const at = words.findIndex((word) => word.toLowerCase() === keyword)
  return at === -1 ? '' : (words[at + 1] ?? '')
}

/** The position after leading comments and white space (RFC 5322 §3.2.2); null when a comment is not closed. */
function afterComments(value: string): number | null {
  let depth = 0
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at] ?? ''
    if (character === '(') depth += 1
    else if (depth === 0 && !/\s/.test(character)) return at
    else if (character === ')') depth -= 1
    else if (character === '\\') at += 1
  }
  return depth === 0 ? value.length : null
}
