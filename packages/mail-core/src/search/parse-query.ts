import { parseQueryDate } from './dates.ts'
import { lexQuery, type Term } from './lex.ts'
import { queryTokens } from './query-tokens.ts'
import { excessOf, simplify } from './simplify.ts'
import { isBigramRun } from './tokenize.ts'
import type { SearchClause, SearchError, SearchField, SearchQuery } from './types.ts'

/** Longest query parsed, in UTF-16 units. */
const MAX_QUERY = 2000

const TEXT_FIELDS = new Map<string, SearchField>([
  ['from', 'sender'],
  ['to', 'recipients'],
  ['cc', 'recipients'],
  ['bcc', 'recipients'],
  ['subject', 'subject'],
])
const FLAGS = new Map<string, { flag: 'seen' | 'starred'; value: boolean }>([
  ['unread', { flag: 'seen', value: false }],
  ['read', { flag: 'seen', value: true }],
  ['starred', { flag: 'starred', value: true }],
])
const OPERATORS = new Set([...TEXT_FIELDS.keys(), 'has', 'before', 'after', 'tag', 'in', 'is'])

type Outcome = { clause: SearchClause } | Refusal
type Refusal = { clauses: []; error: SearchError }

/**
 * Parses the text of a search box: words (all must occur), `"exact phrase"`, `-not`, and the operators `from:`, `to:` (`cc:` and `bcc:` are the same), `subject:`,
 * `has:attachment`, `before:`, `after:`, `tag:`, `in:`, `is:unread|read|starred`, with quoted values when they contain spaces.
 * Unknown operators are plain text. A word of three letters or more also finds longer words that begin with it (`migrat` finds
 * `migration`), one of two letters only with a star (`in*`), one letter and a quoted word never. Words that are repeated or contained in others are
 * left out. A word without letters and digits is ignored beside
 * others; alone it is a clause without tokens, which matches nothing. A value that an operator does not understand, or
 * more clauses than `excessOf` allows, is returned as `error`. Never throws.
 *
 * @param now anchors relative dates such as `7d`.
 */
export function parseQuery(query: string, now: Date): SearchQuery {
  const clauses: SearchClause[] = []
  let empty: SearchClause | null = null
  for (const term of lexQuery(query.slice(0, MAX_QUERY), OPERATORS)) {
    const outcome = readTerm(term, now)
    if ('error' in outcome) return outcome
    const { clause } = outcome
    if (isEmptyWord(clause)) empty = clause.negated ? empty : clause
    else clauses.push(clause)
  }
  if (empty !== null && !clauses.some(isWanted)) clauses.push(empty)
  const simple = simplify(clauses)
  const excess = excessOf(simple)
  if (excess !== null)
    return { clauses: [], error: { operator: '', value: query.slice(0, MAX_QUERY), message: excess } }
  return { clauses: simple, error: null }
}

/** Punctuation between words, as in a pasted subject. */
function isEmptyWord(clause: SearchClause): boolean {
  return clause.kind === 'text' && clause.field === 'any' && clause.tokens.length === 0
}

function isWanted(clause: SearchClause): boolean {
  return clause.kind === 'text' && !clause.negated
}

function readTerm(term: Term, now: Date): Outcome {
  const { operator, negated } = term
  const value = term.value.trim()
  if (operator === null) return { clause: textClause(term, 'any') }
  if (value === '') return refuse(term, `${operator}: needs a value, for example ${EXAMPLES[operator] ?? ''}`)
  switch (operator) {
    case 'has':
      if (/^attachments?$/i.test(value)) return { clause: { kind: 'attachment', negated } }
      return refuse(term, 'has: only has:attachment is known')
    case 'is': {
      const flag = FLAGS.get(value.toLowerCase())
      return flag
        ? { clause: { kind: 'flag', ...flag, negated } }
        : refuse(term, 'is: only is:unread, is:read and is:starred are known')
    }
    case 'before':
    case 'after': {
      const at = parseQueryDate(value, now)
      return at
        ? { clause: { kind: operator, at, negated } }
        : refuse(
            term,
            `${operator}: needs a date such as ${EXAMPLES[operator] ?? ''}, or an age such as ${operator}:7d`,
          )
    }
    case 'tag':
      return { clause: { kind: 'tag', name: value, negated } }
    case 'in':
      return { clause: { kind: 'folder', name: value, negated } }
    default:
      return { clause: textClause(term, TEXT_FIELDS.get(operator) ?? 'any') }
  }
}

const EXAMPLES: Readonly<Record<string, string>> = {
  from: 'from:alice',
  to: 'to:bob@example.com',
  cc: 'cc:bob@example.com',
  bcc: 'bcc:bob@example.com',
  subject: 'subject:"monthly report"',
  has: 'has:attachment',
  is: 'is:unread',
  before: 'before:2026-01-31',
  after: 'after:2026-01-31',
  tag: 'tag:invoice',
  in: 'in:archive',
}

function textClause(term: Term, field: SearchField): SearchClause {
  const star = !term.quoted && /[\p{L}\p{N}]\*$/u.test(term.value)
  const { tokens, prefix, openEnd } = queryTokens(star ? term.value.slice(0, -1) : term.value)
  const beginning = prefix || (star && !isOneLetter(tokens.at(-1))) || (openEnd && !term.quoted)
  return { kind: 'text', field, tokens, phrase: tokens.length > 1, prefix: beginning, negated: term.negated }
}

/** Nearly every message has a word that begins with it. A single Chinese or Japanese character is a word. */
function isOneLetter(token = ''): boolean {
  return Array.from(token).length === 1 && !isBigramRun(token)
}

function refuse(term: Term, message: string): Refusal {
  return { clauses: [], error: { operator: term.operator ?? '', value: term.value, message } }
}
