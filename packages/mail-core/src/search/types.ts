/** The fields of the search index. `any` is all four. */
export type SearchField = 'any' | 'subject' | 'sender' | 'recipients' | 'body'

/**
 * One condition of a query; all of them must hold. `negated` inverts it.
 *
 * A `text` clause holds when a field has its tokens next to each other in this order when `phrase` is true (it is for
 * every clause of more than one token), and with `prefix` the last token is only the beginning of a token. Without any token it
 * holds for no message.
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
  | { kind: 'flag'; flag: 'seen' | 'starred'; value: boolean }
)

/** A value that an operator does not understand. `message` says what it wants instead. */
export type SearchError = { operator: string; value: string; message: string }

/** A parsed query. With an error, no clauses are given, so that a mistyped query never looks like an answer. */
export type SearchQuery = { clauses: SearchClause[]; error: SearchError | null }
