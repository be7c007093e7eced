export { tokenize } from './tokenize.ts'
export { parseQuery } from './parse-query.ts'
export type { SearchClause, SearchError, SearchField, SearchQuery } from './types.ts'
