import type { SearchClause, SearchField } from '@mairust/mail-core/search'
import { WEIGHTS } from './search-vector.ts'

/** A clause that the index answers. */
export type TextClause = Extract<SearchClause, { kind: 'text' }>

/** Text clauses by what they need; those that every message meets are left out. */
export interface TextClauses {
  wanted: TextClause[]
  excluded: TextClause[]
  /** One of them is met by no message. */
  isImpossible: boolean
}

/** Sorts the clauses. A clause without any usable token matches no message (negated: every one). */
export function sortTexts(clauses: readonly TextClause[]): TextClauses {
  const usable = clauses.filter(({ tokens }) => tokens.length > 0 && tokens.every(isToken))
  return {
    wanted: usable.filter(({ negated }) => !negated),
    excluded: usable.filter(({ negated }) => negated),
    isImpossible: clauses.some((clause) => !clause.negated && !usable.includes(clause)),
  }
}

/** Tokens are letters, digits and marks, so they cannot contain syntax; anything else is not ours. */
export function isToken(token: string): boolean {
  return /^[\p{L}\p{N}\p{M}]+$/u.test(token)
}

/**
 * Clauses as one FTS5 expression, so that the index is read once: `"a" AND "b c"*`, those of one field together:
 * `{subject} : ("a" AND "b")`. Ignores their negation; there must be one.
 */
export function toFts(clauses: readonly TextClause[], join: 'AND' | 'OR'): string {
  const byField = Map.groupBy(clauses, ({ field }) => field)
  return [...byField]
    .map(([field, own]) => {
      const words = own.map(toFtsWords).join(` ${join} `)
      return field === 'any' ? words : `{${field}} : (${words})`
    })
    .join(` ${join} `)
}

/** `"a b"`, `"a b"*`; tokens that need not be adjacent all occur. */
function toFtsWords({ phrase, prefix, tokens }: TextClause): string {
  const end = prefix ? '*' : ''
  if (phrase || tokens.length === 1) return `"${tokens.join(' ')}"${end}`
  return `(${tokens.map((token) => `"${token}"`).join(' AND ')}${end})`
}

/** Clauses of which one is enough, as a tsquery: `('a':A <-> 'b':*A) | 'c'`. Ignores their negation. */
export function toTsQuery(clauses: readonly TextClause[]): string {
  return clauses.map((clause) => `(${toTsWords(clause)})`).join(' | ')
}

function toTsWords({ field, phrase, prefix, tokens }: TextClause): string {
  const weight = (f: SearchField): string => (f === 'any' ? '' : WEIGHTS[f])
  return tokens
    .map((token, at) => {
      const marks = `${prefix && at === tokens.length - 1 ? '*' : ''}${weight(field)}`
      return `'${token}'${marks === '' ? '' : `:${marks}`}`
    })
    .join(phrase ? ' <-> ' : ' & ')
}
