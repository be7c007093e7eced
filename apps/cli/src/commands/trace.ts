import type { JourneyWire, listJourneysInput } from '@mairust/api/services'
import { JOURNEY_DIRECTIONS, JOURNEY_STATUSES } from '@mairust/mail-core/journey'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Columns, type Format, printOne, printPage } from '../output.ts'
import { withServices } from '../services.ts'
import { resultCommand } from './kit.ts'
import { journeyText, recipientsCell, senderCell } from './trace-text.ts'

type Input = NonNullable<Parameters<typeof listJourneysInput.parse>[0]> & Record<string, unknown>

interface SearchOptions extends Format {
  address?: string
  messageId?: string
  status?: string
  direction?: string
  remoteAddress?: string
  reason?: string
  after?: string
  before?: string
  limit?: number
  cursor?: string
}

const COLUMNS: Columns<JourneyWire> = {
  JOURNEY: ({ id }) => id,
  TIME: ({ started_at: at }) => at,
  STATUS: ({ status }) => status,
  FROM: senderCell,
  TO: recipientsCell,
  REMOTE: ({ remote_address: address }) => address || '-',
  REASON: ({ reason }) => reason ?? '',
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Parses a time: RFC 3339, a day, or how long ago, as in `90m`, `2h`, `3d`. */
function moment(text: string): string {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  const length = count === undefined ? null : Number(count) * UNITS[unit as keyof typeof UNITS]
  const at = length === null ? new Date(text) : new Date(Date.now() - length)
  if (Number.isNaN(at.getTime()))
    throw new InvalidArgumentError('It must be a time such as 2026-11-27T09:30:00Z, 2026-11-27 or 2h.')
  return at.toISOString()
}

function count(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('It must be a number from 1 to 100.')
  return Number(text)
}

async function showOne(io: Io, id: string, format: Format): Promise<void> {
  const { getJourney, getMessageJourney } = await import('@mairust/api/services')
  const verb = id.startsWith('jrn_') ? getJourney : id.startsWith('msg_') ? getMessageJourney : null
  if (verb === null) throw new CliError('give the id of a journey (jrn_…) or of a message (msg_…)', EXIT.usage)
  printOne(io, format, await withServices(io, (ctx) => verb(ctx, { id })), journeyText)
}

async function search(io: Io, { json, messageId, remoteAddress, ...same }: SearchOptions): Promise<void> {
  const { listJourneys } = await import('@mairust/api/services')
  // Commander has checked the choices.
  const input = { ...same, message_id: messageId, remote_address: remoteAddress } as Input
  const page = await withServices(io, (ctx) => listJourneys(ctx, input))
  printPage(io, { json }, page, COLUMNS)
}

/** `trace [ID]`: shows a journey, or searches for journeys. */
export function addTrace(program: Command, io: Io): void {
  resultCommand(
    program,
    'trace [id]',
    'show every step of a message, by journey or message id; without an id, search, newest first',
  )
    .option('--address <address>', 'a sender or recipient')
    .option('--message-id <id>', 'the Message-ID header field, or msg_…')
    .addOption(new Option('--status <status>', 'the outcome').choices(JOURNEY_STATUSES))
    .addOption(new Option('--direction <direction>', 'how it arrived').choices(JOURNEY_DIRECTIONS))
    .option('--remote-address <ip>', 'IP address of the client')
    .option('--reason <name>', 'why it was refused, such as unknown, mailbox_full or foreign_domain')
    .option('--after <time>', 'from this time on: RFC 3339, a day, or how long ago (90m, 2h, 3d)', moment)
    .option('--before <time>', 'before this time', moment)
    .option('--limit <count>', 'how many, at most 100', count)
    .option('--cursor <cursor>', 'the next page, by the cursor that --json printed')
    .action((id: string | undefined, options: SearchOptions) =>
      id === undefined ? search(io, options) : showOne(io, id, options),
    )
}
