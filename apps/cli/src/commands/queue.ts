import type { DeliveryWire, QueueFilter } from '@mairust/api/services'
import { DELIVERY_ACTIONS, DELIVERY_STATES, type DeliveryAction } from '@mairust/db/names'
import { type Command, Option } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Columns, type Format, printOne, printPage } from '../output.ts'
import { withServices } from '../services.ts'
import { resultCommand, wholeNumber } from './kit.ts'
import { addQueueControl } from './queue-control.ts'
import { deliveryText } from './queue-text.ts'

interface FilterOptions extends Format {
  state?: DeliveryWire['state']
  domain?: string
  recipient?: string
  sender?: string
  journey?: string
}

interface ListOptions extends FilterOptions {
  limit?: number
  cursor?: string
}

const COLUMNS: Columns<DeliveryWire> = {
  ID: ({ id }) => id,
  STATE: ({ state }) => state,
  FROM: ({ sender }) => (sender === '' ? '<>' : sender),
  TO: ({ recipient }) => recipient,
  ATTEMPTS: ({ attempts }) => String(attempts),
  NEXT: ({ next_attempt_at: at }) => at ?? '-',
  'LAST REPLY': ({ last_reply: reply }) => reply ?? '-',
}

const filterOf = ({ state, domain, recipient, sender, journey }: FilterOptions): QueueFilter => ({
  state,
  domain,
  recipient,
  sender,
  journey_id: journey,
})

async function list(io: Io, options: ListOptions): Promise<void> {
  const { listQueue } = await import('@mairust/api/services')
  const { json, limit, cursor } = options
  const page = await withServices(io, (ctx) => listQueue(ctx, { ...filterOf(options), limit, cursor }))
  printPage(io, { json }, page, COLUMNS)
}

async function show(io: Io, id: string, format: Format): Promise<void> {
  const { getDelivery } = await import('@mairust/api/services')
  printOne(io, format, await withServices(io, (ctx) => getDelivery(ctx, { id })), deliveryText)
}

const DONE: Record<DeliveryAction, string> = {
  retry: 'due now',
  hold: 'held',
  release: 'released',
  cancel: 'cancelled',
  bounce: 'returned to sender',
}

interface BatchOptions extends FilterOptions {
  all?: boolean
}

/** One delivery by its id, or all that match: never everything because an option was forgotten. */
async function act(io: Io, action: DeliveryAction, ids: readonly string[], options: BatchOptions): Promise<void> {
  const filter = filterOf(options)
  const isFiltered = Object.values(filter).some((value) => value !== undefined)
  if ([ids.length > 0, isFiltered, options.all === true].filter(Boolean).length !== 1)
    throw new CliError('give the ids of deliveries, or conditions, or --all', EXIT.usage)
  const services = await import('@mairust/api/services')
  const [only] = ids
  if (only !== undefined && ids.length === 1) {
    const verb = {
      retry: services.retryDelivery,
      hold: services.holdDelivery,
      release: services.releaseDelivery,
      cancel: services.cancelDelivery,
      bounce: services.bounceDelivery,
    }[action]
    const delivery = await withServices(io, (ctx) => verb(ctx, { id: only }))
    printOne(io, options, delivery, ({ id }) => `${id}: ${DONE[action]}`)
    return
  }
  const result = await withServices(io, async (ctx) => {
    let updated = 0
    for (;;) {
      const which = ids.length > 0 ? { ids: [...ids] } : { filter }
      const answer = await services.batchQueue(ctx, { ...which, action })
      updated += answer.updated
      if (!answer.has_more || answer.updated === 0) return { ...answer, updated }
    }
  })
  printOne(io, options, result, ({ updated, failed }) =>
    [`${DONE[action]}: ${updated}`, ...failed.map(({ id, code }) => `${id}: ${code}`)].join('\n'),
  )
  if (result.failed.length > 0) throw new CliError(`${result.failed.length} deliveries were not changed`, EXIT.failed)
}

const filtered = (command: Command): Command =>
  command
    .addOption(new Option('--state <state>', 'only those in this state').choices(DELIVERY_STATES))
    .option('--domain <domain>', 'only those to this domain')
    .option('--recipient <address>', 'only those to this address')
    .option('--sender <address>', 'only those of this sender')
    .option('--journey <id>', 'only those of the message with this journey (jrn_…)')

const WHAT: Record<DeliveryAction, string> = {
  retry: 'try deliveries again now',
  hold: 'keep deliveries from being tried until they are released',
  release: 'let held deliveries be tried',
  cancel: 'give deliveries up, without a bounce',
  bounce: 'give deliveries up, and return them to their senders',
}

/** `queue list|show|retry|hold|release|cancel|bounce|pause|resume|pauses|shape|throttles|lift`. */
export function addQueue(program: Command, io: Io): void {
  const queue = program.command('queue').description('look at the mail for other servers, and help it')
  filtered(resultCommand(queue, 'list', 'list deliveries, the newest first, those that have ended too'))
    .option('--limit <n>', 'the most deliveries, up to 100 (default 50)', wholeNumber)
    .option('--cursor <cursor>', 'the next page: pagination.cursor of --json')
    .action((options: ListOptions) => list(io, options))
  resultCommand(queue, 'show <id>', 'show a delivery and its attempts').action((id: string, format: Format) =>
    show(io, id, format),
  )
  for (const action of DELIVERY_ACTIONS) {
    filtered(resultCommand(queue, `${action} [ids...]`, `${WHAT[action]}: by id, or all that match`))
      .option('--all', 'all that can be')
      .action((ids: string[], options: BatchOptions) => act(io, action, ids, options))
  }
  addQueueControl(queue, io)
}
