import type { AuditRecord } from '../audit.ts'
import type { Removal } from '../wire/index.ts'

/** What a change writes to the audit log. */
export type AuditRule<Action extends string = string> =
  /** One action, such as `alias.update`; the target type is the part before the dot. */
  | Action
  /** One or more actions with a target type that they do not name. */
  | { readonly action: Action | readonly Action[]; readonly target: string }
  /** Nothing, with the reason. */
  | { readonly none: string }

/** An audit entry as a verb returns it. */
export interface Entry<Action extends string = string> {
  /** The action, if the verb has several. */
  readonly action?: Action
  /** Null for what a tenant has only one of, such as its settings. */
  readonly targetId: string | null
  readonly before?: Record<string, unknown>
  readonly after?: Record<string, unknown>
}

/** The result of a change: the answer to the caller and the audit entries, of which there are none if nothing changed. */
export interface Outcome<Answer, Action extends string = string> {
  readonly answer: Answer
  readonly entries: readonly Entry<Action>[]
}

/** The wire form of a resource. */
type Resource = { id: string } & Record<string, unknown>

/** A change with custom entries. */
export const recorded = <Answer, Action extends string = never>(
  answer: Answer,
  ...entries: readonly Entry<Action>[]
): Outcome<Answer, Action> => ({ answer, entries })

/** Nothing was changed. */
export const unchanged = <Answer>(answer: Answer): Outcome<Answer, never> => ({ answer, entries: [] })

/** Something was created; it is the answer. */
export const created = <Wire extends Resource>(after: Wire): Outcome<Wire, never> =>
  recorded(after, { targetId: after.id, after })

/** Something was changed; the answer is its new state. */
export const updated = <Wire extends Resource>(before: Wire, after: Wire): Outcome<Wire, never> =>
  recorded(after, { targetId: after.id, before, after })

/** Something was removed. */
export const removed = (before: Resource): Outcome<Removal, never> =>
  recorded(removal(before.id), { targetId: before.id, before })

/** The answer to a removal. */
export const removal = (id: string): Removal => ({ id, deleted: true })

/**
 * Converts a verb's entry for the audit log.
 * @throws Error if the verb does not declare any entries
 */
export const toRecord = (rule: AuditRule | undefined, { action, ...entry }: Entry): AuditRecord => {
  if (typeof rule === 'string') return { action: rule, targetType: rule.slice(0, rule.indexOf('.')), ...entry }
  if (rule === undefined || 'none' in rule)
    throw new Error('a verb that returns audit entries must declare them in `audit`')
  const [first = ''] = actionsOf(rule)
  return { action: action ?? first, targetType: rule.target, ...entry }
}

/** The actions that a verb declares. */
export const actionsOf = (rule: AuditRule): readonly string[] => {
  if (typeof rule === 'string') return [rule]
  if ('none' in rule) return []
  return typeof rule.action === 'string' ? [rule.action] : rule.action
}
