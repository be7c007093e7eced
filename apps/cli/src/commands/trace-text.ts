import type { JourneyDetailWire } from '@mairust/api/services'

type Route = Pick<JourneyDetailWire, 'from' | 'to' | 'steps' | 'direction'>

const recipient = (address: string): string => (address === '' ? 'an address that could not be read' : `<${address}>`)

/** What stands in place of an address is said in words: `<>` alone reads like a mistake. */
function sender({ from, steps, direction }: Route): string {
  if (from !== '') return `<${from}>`
  if (direction === 'internal') return 'nobody (its header names no sender)'
  const isTaken = steps.some(({ kind, result }) => kind === 'mail' && result === 'ok')
  return isTaken ? '<> (no return address, as in a bounce)' : 'a sender that could not be read'
}

function recipients({ to, steps }: Route): string {
  if (to.length > 0) return to.map(recipient).join(', ')
  const isRefused = steps.some(({ kind, result }) => kind === 'mail' && result !== 'ok')
  return isRefused ? 'nobody: MAIL was refused before a recipient was named' : 'nobody: no recipient was named'
}

/** Where it came from: the client and the name that it gave itself. */
function clientText({ direction, remote_address: address, helo }: JourneyDetailWire): string {
  if (address === '') return `${direction}, by no client`
  return `${direction} from ${address}, ${helo === '' ? 'which gave no name (HELO)' : `which called itself ${helo}`}`
}

const because = (reason: string | null): string => (reason === null ? '' : ` (${reason})`)

/** A journey opened, for people: the whole, how each recipient stands, every step, and what came of it. */
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
    ...(messages.length === 0 ? [] : [`kept as ${messages.join(', ')}`]),
  ].join('\n')
}

/** The sender as a column shows it: `<>` is a bounce's, `-` nobody's. */
export const senderCell = (journey: Route): string => (sender(journey).startsWith('<') ? `<${journey.from}>` : '-')

/** The recipients as a column shows them. */
export const recipientsCell = ({ to }: Route): string =>
  to.map((address) => (address === '' ? '-' : `<${address}>`)).join(' ') || '-'
