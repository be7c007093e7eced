import { addressTopic, type Db, domainTopic, tenantTopic, type Topic } from '@mairust/db'
import type { z } from 'zod'
import { requirePermission, type Permission } from '../access/index.ts'
import { writeAudit } from '../audit.ts'
import type { PublicContext, ServiceContext } from '../context.ts'
import { parseInput } from '../wire/index.ts'
import { toRecord, type AuditRule, type Entry, type Outcome } from './outcome.ts'

/** What a verb requires of its caller: a permission, any login, or nothing. */
export type VerbPermission = Permission | 'signed-in' | 'public'

/**
 * A verb: called with a context and an input, it checks the permission, parses the input and does its work. Its permission and schemas
 * are properties, so that a procedure need not repeat them.
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
  /** What it writes to the audit log; undefined for a verb that only reads. */
  readonly audit: Rule
  /** The work alone, for callers that have checked the permission and parsed the input: the verb's procedure. */
  readonly run: (ctx: Context, input: z.output<Input>) => Promise<z.output<Output>>
}

/** Any verb, whatever its input; only its declarations can be read. */
export interface AnyVerb extends Pick<Verb<never, z.ZodType, z.ZodType>, 'permission' | 'input' | 'output' | 'audit'> {
  (ctx: never, input: never): Promise<unknown>
}

/** Makes a change in a transaction, together with its audit entries and, if there are any, the change notices. */
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
  /** The kinds of change notices to publish for caches and open pages; those for addresses and domains name each one. */
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

/** Makes a verb. One with `audit` changes something, and does so in `commit`. */
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

/** Makes a verb for anonymous callers. It writes its audit entries itself, since there is no actor to name in them. */
export const publicVerb = <
  Input extends z.ZodType,
  Output extends z.ZodType,
  const Rule extends AuditRule | undefined = undefined,
>(
  definition: Open<Input, Output, Rule>,
): Verb<PublicContext, Input, Output, Rule> => callable({ ...definition, permission: 'public' }, () => undefined)

/**
 * Checks that the actor may call a verb.
 * @throws AppError FORBIDDEN
 */
export const admit = (ctx: Pick<ServiceContext, 'actor'>, permission: Permission | 'signed-in'): void => {
  if (permission !== 'signed-in') requirePermission(ctx, permission)
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

/** Kinds whose notices name each address or domain: the field of the wire form that has the name, and the topic for it. */
const SINGLE: Partial<Record<Kind, { field: string; topic: (tenantId: string, name: string) => Topic }>> = {
  addresses: { field: 'address', topic: addressTopic },
  domains: { field: 'name', topic: domainTopic },
}

/** The topics of a change: one for each address or domain named in its entries, before or after; otherwise that of the whole tenant. */
const topicsOf = (tenantId: string, kind: Kind, entries: readonly Entry[]): Topic[] => {
  const single = SINGLE[kind]
  if (single === undefined) return [tenantTopic(kind, tenantId)]
  const names = entries.flatMap(({ before, after }) => [before?.[single.field], after?.[single.field]])
  const known = names.filter((name) => typeof name === 'string')
  return known.length === 0 ? [tenantTopic(kind, tenantId)] : known.map((name) => single.topic(tenantId, name))
}
