import type { AuditRecord } from '../audit.ts'
import type { Removal } from '../wire/index.ts'

/** What a change leaves in the audit log. */
export type AuditRule<Action extends string = string> =
  /** Entity and verb, `alias.update`, about an `alias`. */
  | Action
  /** One of several actions, or about something that the action does not name. */
  | { readonly action: Action | readonly Action[]; readonly target: string }
  /** Nothing, and why. */
  | { readonly none: string }

/** An entry of the audit log, as a verb gives it. */
export interface Entry<Action extends string = string> {
  /** Which it is, for a verb that has several. */
  readonly action?: Action
  /** Null for what is one in a tenant. */
  readonly targetId: string | null
  readonly before?: Record<string, unknown>
  readonly after?: Record<string, unknown>
}

/** What came of a change: what the caller is told, and what goes into the audit log; no entry where nothing was changed. */
export interface Outcome<Answer, Action extends string = string> {
  readonly answer: Answer
  readonly entries: readonly Entry<Action>[]
}

type Thing = { id: string } & Record<string, unknown>

/** A change with entries of its own. */
export const recorded = <Answer, Action extends string = never>(
  answer: Answer,
  ...entries: readonly Entry<Action>[]
): Outcome<Answer, Action> => ({ answer, entries })

/** Nothing was changed. */
export const unchanged = <Answer>(answer: Answer): Outcome<Answer, never> => ({ answer, entries: [] })

/** Something was made: it is the answer. */
export const created = <Wire extends Thing>(after: Wire): Outcome<Wire, never> =>
  recorded(after, { targetId: after.id, after })

/** Something was changed: the answer is what it is now. */
export const updated = <Wire extends Thing>(before: Wire, after: Wire): Outcome<Wire, never> =>
  recorded(after, { targetId: after.id, before, after })

/** Something was removed. */
export const removed = (before: Thing): Outcome<Removal, never> =>
  recorded(removal(before.id), { targetId: before.id, before })

/** What is told of something that is there no longer. */
export const removal = (id: string): Removal => ({ id, deleted: true })

/**
 * An entry as the audit log takes it.
 * @throws Error when the verb has not said that it leaves one
 */
export const toRecord = (rule: AuditRule | undefined, { action, ...entry }: Entry): AuditRecord => {
  if (typeof rule === 'string') return { action: rule, targetType: rule.slice(0, rule.indexOf('.')), ...entry }
  if (rule === undefined || 'none' in rule) throw new Error('a verb says by `audit` what it leaves in the audit log')
  const [first = ''] = actionsOf(rule)
  return { action: action ?? first, targetType: rule.target, ...entry }
}

/** The actions that a verb's entries may have. */
export const actionsOf = (rule: AuditRule): readonly string[] => {
  if (typeof rule === 'string') return [rule]
  if ('none' in rule) return []
  return typeof rule.action === 'string' ? [rule.action] : rule.action
}
