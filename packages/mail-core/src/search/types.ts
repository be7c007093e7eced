/** The fields of the search index. `any` is all four. */
export type SearchField = 'any' | 'subject' | 'sender' | 'recipients' | 'body'

/**
 * One condition of a query; all must hold. `negated` inverts it.
 *
 * A `text` clause matches when a field contains its tokens, adjacent and in order when `phrase` is true (as it is for every clause
 * of more than one token); with `prefix` the last token is only the beginning of one. Without tokens it matches nothing.
 */
export type SearchClause = { negated: boolean } & (
  | { kind: 'text'; field: SearchField; tokens: string[]; phrase: boolean; prefix: boolean }
  | { kind: 'attachment' }
  /** Received before this instant. */
  | { kind: 'before'; at: Date }
  /** Received at or after this instant. */
  | { kind: 'after'; at: Date }
  | { kind: 'tag'; name: string }
  /** Folder name as typed; `in:anywhere` is kept as the name `anywhere`. */
  | { kind: 'folder'; name: string }
  | { kind: 'flag'; flag: 'seen' | 'starred' | 'draft'; value: boolean }
)

/** A value that an operator does not understand. `message` says what it expects. */
export type SearchError = { operator: string; value: string; message: string }

/** A parsed query. It has no clauses when there is an error, so that a mistyped query never looks like a result. */
export type SearchQuery = { clauses: SearchClause[]; error: SearchError | null }
