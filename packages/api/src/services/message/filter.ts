import type { MessageFilter } from '@mairust/db/queries/message-filter'
import {
  excessOf,
  parseQuery,
  queryTokens,
  simplify,
  type SearchClause,
  type SearchField,
} from '@mairust/mail-core/search'
import { invalidField } from '../../errors.ts'
import type { ListMessagesInput } from './schemas.ts'

/**
 * The filter of a list. Parameters and the operators of `q` become the same clauses, so that both mean the same and can be combined.
 * @param mailboxId id of the mailbox that `input.mailbox` names
 */
export const toFilter = (input: ListMessagesInput, mailboxId: string | undefined, now: Date): MessageFilter => {
  const query = parseQuery(input.q ?? '', now)
  // The schema has parsed it already, but a relative date may be out of range by now.
  if (query.error !== null) throw invalidField('q', query.error.message)
  const named: (SearchClause | null)[] = [
    text('sender', input.from),
    text('recipients', input.to),
    text('subject', input.subject),
    input.tag === undefined ? null : { kind: 'tag', name: input.tag, negated: false },
    input.folder === undefined ? null : { kind: 'folder', name: input.folder, negated: false },
    attachments(input.has_attachments),
    attachments(input.has_attachment),
    input.after === undefined ? null : { kind: 'after', at: new Date(input.after), negated: false },
    input.before === undefined ? null : { kind: 'before', at: new Date(input.before), negated: false },
    flag('seen', input.seen),
    flag('starred', input.starred),
  ]
  const clauses = simplify([...named.filter((clause) => clause !== null), ...query.clauses])
  const excess = excessOf(clauses)
  if (excess !== null) throw invalidField('q', excess)
  return { mailboxId, threadId: input.thread, clauses }
}

/** A value without letters and digits gives a clause without tokens, which matches nothing. */
const text = (field: SearchField, value: string | undefined): SearchClause | null => {
  if (value === undefined) return null
  const { tokens, prefix } = queryTokens(value)
  return { kind: 'text', field, tokens, phrase: tokens.length > 1, prefix, negated: false }
}

const attachments = (wanted: boolean | undefined): SearchClause | null =>
  wanted === undefined ? null : { kind: 'attachment', negated: !wanted }

const flag = (name: 'seen' | 'starred', value: boolean | undefined): SearchClause | null =>
  value === undefined ? null : { kind: 'flag', flag: name, value, negated: false }
