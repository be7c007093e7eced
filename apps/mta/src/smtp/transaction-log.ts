import type { JourneyInput } from '@mairust/db/queries/accept'
import type { Log } from '@mairust/log'
import type { JourneyStatus } from '@mairust/mail-core/journey'
import { escapeRemote } from '@mairust/mail-core/smtp'

/** Most recipients named; the total is logged too. */
export const MAX_NAMED = 100

/** Logs one line per ended transaction, also refused and aborted ones. Escapes everything remote. */
export function logTransaction(
  log: Log,
  journey: JourneyInput,
  about: { readonly size: number | null; readonly now: number; readonly named: number },
): void {
  const { recipients } = journey
  const isTaken = ({ status }: { status: JourneyStatus }) => status === 'accepted' || status === 'queued'
  const accepted = recipients.filter(isTaken)
  const refused = recipients.filter((recipient) => !isTaken(recipient))
  log.info(
    {
      request_id: journey.id,
      journey_id: journey.id,
      remote_addr: journey.remoteAddress,
      direction: journey.direction,
      result: journey.status,
      from: journey.sender,
      to: accepted.slice(0, about.named).map(({ address }) => escapeRemote(address, 320)),
      refused: refused.slice(0, about.named).map(({ address, reply, reason = '' }) => ({
        address: escapeRemote(address, 320),
        reply: escapeRemote(reply, 300),
        ...reasonOf(reason),
      })),
      recipients: recipients.length,
      reply: escapeRemote(journey.reply, 300),
      ...reasonOf(journey.reason ?? ''),
      ...(about.size === null ? {} : { size: about.size }),
      ms: about.now - journey.startedAt.getTime(),
    },
    'SMTP transaction',
  )
}

/** Two reasons can have one reply, as that no such mailbox is here. */
const reasonOf = (reason: string): { reason?: string } => (reason === '' ? {} : { reason })
