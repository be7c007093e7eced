import type { JourneyDetailWire } from '@mairust/api/services'

type Route = Pick<JourneyDetailWire, 'from' | 'to' | 'steps' | 'direction'>

const recipient = (address: string): string => (address === '' ? 'an invalid address' : `<${address}>`)

/** Explains a missing address in words: `<>` alone looks like a mistake. */
function sender({ from, steps, direction }: Route): string {
  if (from !== '') return `<${from}>`
  if (direction === 'internal') return 'no sender (none in the header)'
  const isAccepted = steps.some(({ kind, result }) => kind === 'mail' && result === 'ok')
  return isAccepted ? '<> (null sender, as in a bounce)' : 'an invalid sender'
}

function recipients({ to, steps }: Route): string {
  if (to.length > 0) return to.map(recipient).join(', ')
  const isRefused = steps.some(({ kind, result }) => kind === 'mail' && result !== 'ok')
  return isRefused ? 'nobody: refused at MAIL, before any recipient' : 'nobody: no RCPT was sent'
}

/** The client's address and HELO name. */
function clientText({ direction, remote_address: address, helo }: JourneyDetailWire): string {
  if (address === '') return `${direction}, without a client`
  return `${direction} from ${address} (${helo === '' ? 'no HELO' : `HELO ${helo}`})`
}

const because = (reason: string | null): string => (reason === null ? '' : ` (${reason})`)

/** A whole journey for people: its outcome, each recipient, every step, and the stored messages. */
export function journeyText(journey: JourneyDetailWire): string {
  const { id, status, reason, started_at: at, reply, steps, message_ids: messages } = journey
  return [
    `${id}  ${at}  ${status}${because(reason)}`,
    clientText(journey),
    `${sender(journey)} to ${recipients(journey)}`,
    ...(reply === '' ? [] : [reply]),
    ...journey.recipients.map((one) =>
      `  ${one.address || recipient('')}: ${one.status} ${one.reply}${because(one.reason)}`.trimEnd(),
    ),
    ...steps.map((step) =>
      `  ${step.at}  ${step.ms} ms  ${step.kind} ${step.name}: ${step.result} ${step.detail}`.trimEnd(),
    ),
    ...(messages.length === 0 ? [] : [`stored as ${messages.join(', ')}`]),
  ].join('\n')
}

/** The sender as a table cell: `<>` for a bounce, `-` for none. */
export const senderCell = (journey: Route): string => (sender(journey).startsWith('<') ? `<${journey.from}>` : '-')

/** The recipients as a table cell. */
export const recipientsCell = ({ to }: Route): string =>
  to.map((address) => (address === '' ? '-' : `<${address}>`)).join(' ') || '-'
