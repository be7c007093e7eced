import { PAUSE_SCOPES, type PauseScope } from '@mairust/db/names'
import { type Command, Argument, Option } from 'commander'
import type { Io } from '../io.ts'
import { type Format, printOne, printPage } from '../output.ts'
import { withServices } from '../services.ts'
import { resultCommand, wholeNumber } from './kit.ts'

const about = (scope: PauseScope, value: string | null): string =>
  scope === 'all' ? 'all mail' : `the mail of the ${scope} ${value ?? ''}`

async function pause(io: Io, scope: PauseScope, value: string | undefined, format: Format): Promise<void> {
  const { pauseQueue } = await import('@mairust/api/services')
  const made = await withServices(io, (ctx) => pauseQueue(ctx, { scope, value }))
  printOne(io, format, made, (one) => `paused ${about(one.scope, one.value)}`)
}

async function resume(io: Io, scope: PauseScope, value: string | undefined, format: Format): Promise<void> {
  const { resumeQueue } = await import('@mairust/api/services')
  const ended = await withServices(io, (ctx) => resumeQueue(ctx, { scope, value }))
  printOne(io, format, ended, (one) => `resumed ${about(one.scope, one.value)}`)
}

async function pauses(io: Io, format: Format): Promise<void> {
  const { getQueuePauses } = await import('@mairust/api/services')
  const found = await withServices(io, (ctx) => getQueuePauses(ctx, {}))
  printOne(io, format, found, ({ pauses: all }) =>
    all.map((one) => `${about(one.scope, one.value)}, since ${one.created_at}, by ${one.by ?? '-'}`).join('\n'),
  )
}

async function shape(io: Io, format: Format): Promise<void> {
  const { getQueueShape } = await import('@mairust/api/services')
  const found = await withServices(io, (ctx) => getQueueShape(ctx, {}))
  printOne(io, format, found, ({ minutes, total, ages, domains }) => {
    const heads = ['TOTAL', ...minutes.map(String), `${minutes.at(-1) ?? 0}+`]
    const row = (name: string, cells: readonly (string | number)[]): string =>
      `${name.padEnd(40)}${cells.map((cell) => String(cell).padStart(7)).join('')}`
    return [
      row('MINUTES', heads),
      row('TOTAL', [total, ...ages]),
      ...domains.map((one) => row(one.domain, [one.total, ...one.ages])),
    ].join('\n')
  })
}

interface PageOptions extends Format {
  limit?: number
  cursor?: string
}

async function throttles(io: Io, { limit, cursor, ...format }: PageOptions): Promise<void> {
  const { listThrottles } = await import('@mairust/api/services')
  const page = await withServices(io, (ctx) => listThrottles(ctx, { limit, cursor }))
  printPage(io, format, page, {
    SITE: ({ site }) => site,
    CAUSE: ({ cause }) => cause,
    SOURCE: ({ source }) => source ?? '-',
    SINCE: ({ since }) => since,
    UNTIL: ({ until }) => until,
    CONNECTIONS: ({ limits }) => String(limits.concurrency),
    'A MINUTE': ({ limits }) => String(limits.per_minute ?? '-'),
    REPLY: ({ reply }) => reply,
  })
}

interface LiftOptions extends Format {
  source?: string
}

async function lift(io: Io, site: string, cause: Cause, { source, ...format }: LiftOptions): Promise<void> {
  const { liftThrottle } = await import('@mairust/api/services')
  const done = await withServices(io, (ctx) => liftThrottle(ctx, { site, cause, source }))
  printOne(io, format, done, () => `${site} gets mail as before`)
}

const CAUSES = ['rate', 'block_list', 'dead'] as const
type Cause = (typeof CAUSES)[number]
const scope = () =>
  new Argument('<scope>', 'everything, a site as `queue throttles` has it, the organisation, a sender')

/** The commands of the queue that are about no single delivery. */
export function addQueueControl(queue: Command, io: Io): void {
  resultCommand(queue, 'pause', 'stop mail from being tried until it is resumed')
    .addArgument(scope().choices(PAUSE_SCOPES))
    .argument('[value]', 'which site or sender')
    .action((which: PauseScope, value: string | undefined, format: Format) => pause(io, which, value, format))
  resultCommand(queue, 'resume', 'end a pause')
    .addArgument(scope().choices(PAUSE_SCOPES))
    .argument('[value]', 'which site or sender')
    .action((which: PauseScope, value: string | undefined, format: Format) => resume(io, which, value, format))
  resultCommand(queue, 'pauses', 'list what is paused').action((format: Format) => pauses(io, format))
  resultCommand(queue, 'shape', 'count waiting mail by domain and age').action((format: Format) => shape(io, format))
  resultCommand(queue, 'throttles', 'list the sites that get less mail because of their answers')
    .option('--limit <n>', 'the most throttles, up to 100 (default 50)', wholeNumber)
    .option('--cursor <cursor>', 'the next page: pagination.cursor of --json')
    .action((options: PageOptions) => throttles(io, options))
  resultCommand(queue, 'lift <site>', 'undo the throttles of a site')
    .addArgument(new Argument('<cause>', 'why it is throttled').choices(CAUSES))
    .addOption(new Option('--source <ip>', 'only for this address of ours'))
    .action((site: string, cause: Cause, options: LiftOptions) => lift(io, site, cause, options))
}
