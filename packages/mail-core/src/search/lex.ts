/** One piece of a query: a word, a quoted phrase, or `operator:value`. */
export type Term = { negated: boolean; operator: string | null; value: string; quoted: boolean }

/** Quotes that keyboards and editors produce. */
const QUOTES = new Map([
  ['"', '"'],
  ['“', '”'],
  ['”', '”'],
  ['「', '」'],
  ['\uFF02', '\uFF02'],
])
const OPERATOR = /([a-z]{1,20})[:\uFF1A]/iy

/**
 * Splits a query into terms at white space (including the ideographic space). Quotes group, alone or after an operator; an unclosed
 * quote extends to the end. Linear.
 */
export function lexQuery(query: string, operators: ReadonlySet<string>): Term[] {
  const terms: Term[] = []
  let at = 0
  while (at < query.length) {
    if (/\s/.test(query[at] ?? '')) {
      at += 1
      continue
    }
    const negated = /[-\uFF0D]/.test(query[at] ?? '') && /\S/.test(query[at + 1] ?? '')
    if (negated) at += 1
    OPERATOR.lastIndex = at
    const name = OPERATOR.exec(query)
    const operator = name?.[1]?.toLowerCase() ?? ''
    const known = operators.has(operator)
    if (known) at = startOfValue(query, at + (name?.[0].length ?? 0), operators)
    const { value, quoted, end } = readValue(query, at)
    terms.push({ negated, operator: known ? operator : null, value, quoted })
    at = Math.max(end, at + (known ? 0 : 1))
  }
  return terms
}

/** People put a space after the colon, as in a header; a word that is an operator itself is no value. */
function startOfValue(query: string, from: number, operators: ReadonlySet<string>): number {
  let at = from
  while (at < query.length && /\s/.test(query[at] ?? '')) at += 1
  OPERATOR.lastIndex = at
  const next = OPERATOR.exec(query)?.[1]?.toLowerCase() ?? ''
  return at === query.length || (at > from && operators.has(next)) ? from : at
}

function readValue(query: string, start: number): { value: string; quoted: boolean; end: number } {
  const close = QUOTES.get(query[start] ?? '')
  if (close !== undefined) {
    const straight = query.indexOf(close, start + 1)
    const end = straight === -1 ? query.length : straight
    return { value: query.slice(start + 1, end), quoted: true, end: Math.min(end + 1, query.length) }
  }
  let end = start
  while (end < query.length && !/[\s"]/.test(query[end] ?? '')) end += 1
  return { value: query.slice(start, end), quoted: false, end }
}
