import { addressTopic, type Db, domainTopic, tenantTopic, type Topic } from '@mairust/db'
import type { z } from 'zod'
import { requirePermission, type Permission } from '../access/index.ts'
import { writeAudit } from '../audit.ts'
import type { PublicContext, ServiceContext } from '../context.ts'
import { parseInput } from '../wire/index.ts'
import { toRecord, type AuditRule, type Entry, type Outcome } from './outcome.ts'

/** What a verb asks of its caller: a permission, any login, or nothing. */
export type VerbPermission = Permission | 'signed-in' | 'public'

/**
 * A verb: called with a context and an input, it looks at the permission, parses the input and does its work. What it asks for, takes
 * and answers can be read from it, so that a procedure repeats none of it.
 */
export interface Verb<
  Context,
  Input extends z.ZodType,
  Output extends z.ZodType,
  Rule extends AuditRule | undefined = AuditRule | undefined,
> {
  (ctx: Context, input: z.input<Input>): Promise<z.output<Output>>
  readonly permission: VerbPermission
  readonly input: Input
  readonly output: Output
  /** What a change leaves in the audit log; undefined for a verb that changes nothing. */
  readonly audit: Rule
  /** The work alone, for who has looked at the permission and parsed the input: the procedure of the verb. */
  readonly run: (ctx: Context, input: z.output<Input>) => Promise<z.output<Output>>
}

/** A verb of which it is not known what it takes, only what it says of itself. */
export interface AnyVerb extends Pick<Verb<never, z.ZodType, z.ZodType>, 'permission' | 'input' | 'output' | 'audit'> {
  (ctx: never, input: never): Promise<unknown>
}

/**
 * Makes a change in a transaction, with its entries in the audit log and, where there are some, the notice to who shows what changed.
 */
export type Commit<Action extends string> = <Answer>(
  work: (tx: Db) => Promise<Outcome<Answer, Action>>,
) => Promise<Answer>

type Kind = Parameters<typeof tenantTopic>[0]

interface Schemas<Input extends z.ZodType, Output extends z.ZodType> {
  input: Input
  output: Output
}

interface Definition<Input extends z.ZodType, Output extends z.ZodType, Action extends string> extends Schemas<
  Input,
  Output
> {
  permission: Permission | 'signed-in'
  audit?: AuditRule<Action> | undefined
  /** What of the tenant a change concerns: who shows or remembers it is told, of addresses and domains which they are. */
  notify?: readonly Kind[]
  run: (ctx: ServiceContext, input: z.output<Input>, commit: Commit<Action>) => Promise<z.output<Output>>
}

interface Reading<Input extends z.ZodType, Output extends z.ZodType> extends Schemas<Input, Output> {
  permission: Permission | 'signed-in'
  audit?: undefined
  run: (ctx: ServiceContext, input: z.output<Input>) => Promise<z.output<Output>>
}

interface Writing<Input extends z.ZodType, Output extends z.ZodType, Action extends string> extends Definition<
  Input,
  Output,
  Action
> {
  audit: AuditRule<Action>
}

interface Open<Input extends z.ZodType, Output extends z.ZodType, Rule extends AuditRule | undefined> extends Schemas<
  Input,
  Output
> {
  audit: Rule
  run: (ctx: PublicContext, input: z.output<Input>) => Promise<z.output<Output>>
}

/** Makes a verb. With `audit` it changes something, and does so in `commit`. */
export function verb<Input extends z.ZodType, Output extends z.ZodType>(
  definition: Reading<Input, Output>,
): Verb<ServiceContext, Input, Output, undefined>
export function verb<Input extends z.ZodType, Output extends z.ZodType, const Action extends string>(
  definition: Writing<Input, Output, Action>,
): Verb<ServiceContext, Input, Output, AuditRule<Action>>
export function verb<Input extends z.ZodType, Output extends z.ZodType, Action extends string>({
  notify = [],
  ...definition
}: Definition<Input, Output, Action>): Verb<ServiceContext, Input, Output> {
  const { permission, audit } = definition
  const run = (ctx: ServiceContext, input: z.output<Input>): Promise<z.output<Output>> =>
    definition.run(ctx, input, committing(ctx, audit, notify))
  return callable({ ...definition, audit, run }, (ctx) => admit(ctx, permission))
}

/** Makes a verb for callers of whom nothing is known. What it changes it puts into the audit log itself: nobody is there to be named. */
export const publicVerb = <
  Input extends z.ZodType,
  Output extends z.ZodType,
  const Rule extends AuditRule | undefined = undefined,
>(
  definition: Open<Input, Output, Rule>,
): Verb<PublicContext, Input, Output, Rule> => callable({ ...definition, permission: 'public' }, () => undefined)

/**
 * Lets in who may call a verb.
 * @throws AppError FORBIDDEN
 */
export const admit = (acting: Pick<ServiceContext, 'actor'>, permission: Permission | 'signed-in'): void => {
  if (permission !== 'signed-in') requirePermission(acting, permission)
}

const callable = <Context, Input extends z.ZodType, Output extends z.ZodType, Rule extends AuditRule | undefined>(
  {
    permission,
    input,
    output,
    audit,
    run,
  }: Pick<Verb<Context, Input, Output, Rule>, 'permission' | 'input' | 'output' | 'audit' | 'run'>,
  enter: (ctx: Context) => void,
): Verb<Context, Input, Output, Rule> => {
  const call = async (ctx: Context, given: z.input<Input>): Promise<z.output<Output>> => {
    enter(ctx)
    return run(ctx, parseInput(input, given))
  }
  return Object.assign(call, { permission, input, output, audit, run })
}

const committing =
  <Action extends string>(ctx: ServiceContext, rule: AuditRule | undefined, kinds: readonly Kind[]): Commit<Action> =>
  (work) =>
    ctx.db.transaction(async (tx) => {
      const { answer, entries } = await work(tx)
      for (const entry of entries) await writeAudit(tx, ctx, toRecord(rule, entry))
      if (entries.length > 0)
        await ctx.changes.publish(tx, ...kinds.flatMap((kind) => topicsOf(ctx.actor.tenantId, kind, entries)))
      return answer
    })

/** What a single thing of a kind is known by in its wire form, where others remember it alone. */
const SINGLE: Partial<Record<Kind, { field: string; topic: (tenantId: string, name: string) => Topic }>> = {
  addresses: { field: 'address', topic: addressTopic },
  domains: { field: 'name', topic: domainTopic },
}

/** The topics of a change: of each address or domain that its entries name, before and after; else of all that the tenant has. */
const topicsOf = (tenantId: string, kind: Kind, entries: readonly Entry[]): Topic[] => {
  const single = SINGLE[kind]
  if (single === undefined) return [tenantTopic(kind, tenantId)]
  const names = entries.flatMap(({ before, after }) => [before?.[single.field], after?.[single.field]])
  const known = names.filter((name) => typeof name === 'string')
  return known.length === 0 ? [tenantTopic(kind, tenantId)] : known.map((name) => single.topic(tenantId, name))
}
