import type { SearchClause } from './types.ts'

type TextClause = Extract<SearchClause, { kind: 'text' }>

/** Most words and phrases in a search, and most tokens in all of them: each costs a look into the index. */
const MAX_TEXTS = 16
const MAX_TOKENS = 200
/** How often a token may be in one phrase: so often the index goes through all its places in each message. */
const MAX_REPETITIONS = 8
/** Most clauses of all kinds. */
const MAX_CLAUSES = 50

/**
 * The clauses without those that others make needless: repetitions, words that a longer clause contains (`inv` beside `invoice`),
 * exclusions that a wider one contains. Finds the same messages.
 */
export function simplify(clauses: readonly SearchClause[]): SearchClause[] {
  const kept = new Map<string, SearchClause>()
  for (const clause of clauses) kept.set(JSON.stringify(clause), clause)
  const distinct = [...kept.values()]
  const texts = distinct.filter((clause) => clause.kind === 'text')
  // Comparing is quadratic; whoever writes this many is refused anyway.
  if (texts.length > 4 * MAX_CLAUSES) return distinct
  return distinct.filter((clause) => clause.kind !== 'text' || !isNeedless(clause, texts))
}

/** Why the (simplified) clauses are too many for one search; null when they are not. */
export function excessOf(clauses: readonly SearchClause[]): string | null {
  if (clauses.length > MAX_CLAUSES) return `A search has at most ${MAX_CLAUSES} words and operators`
  const texts = clauses.filter((clause) => clause.kind === 'text')
  if (texts.length > MAX_TEXTS) return `A search has at most ${MAX_TEXTS} different words and phrases`
  const tokens = texts.reduce((sum, clause) => sum + clause.tokens.length, 0)
  if (tokens > MAX_TOKENS) return 'The words and phrases of the search are too long'
  const repeats = texts.some((clause) => mostRepeated(clause.tokens) > MAX_REPETITIONS)
  return repeats ? `A phrase has the same word at most ${MAX_REPETITIONS} times` : null
}

function mostRepeated(tokens: readonly string[]): number {
  const groups = Map.groupBy(tokens, (token) => token)
  return Math.max(0, ...[...groups.values()].map(({ length }) => length))
}

function isNeedless(clause: TextClause, texts: readonly TextClause[]): boolean {
  return texts.some((other) => {
    if (other === clause || other.negated !== clause.negated) return false
    const [narrow, wide] = clause.negated ? [clause, other] : [other, clause]
    // Of two that mean the same, the first stays.
    return implies(narrow, wide) && !(implies(wide, narrow) && texts.indexOf(clause) < texts.indexOf(other))
  })
}

/** Whether each message in which `narrow` occurs also has `wide`. */
function implies(narrow: TextClause, wide: TextClause): boolean {
  if (wide.field !== 'any' && wide.field !== narrow.field) return false
  if (!isPhrase(narrow) || !isPhrase(wide) || wide.tokens.length === 0) return false
  return narrow.tokens.some((_, from) => occursAt(narrow, wide, from))
}

/** Its tokens are adjacent. */
function isPhrase({ tokens, phrase }: TextClause): boolean {
  return phrase || tokens.length === 1
}

function occursAt(narrow: TextClause, wide: TextClause, from: number): boolean {
  return wide.tokens.every((token, at) => {
    const found = narrow.tokens[from + at]
    if (found === undefined) return false
    if (wide.prefix && at === wide.tokens.length - 1) return found.startsWith(token)
    // The last token of a prefix is only a beginning.
    return found === token && !(narrow.prefix && from + at === narrow.tokens.length - 1)
  })
}
