import type { JourneyEventInput } from '@mairust/db/queries/journey-event'
import type { ReturnedRow } from '@mairust/db/queries/returned-mail'
import type { ReturnedMail } from '@mairust/mail-core/bounce/inbound'
import { escapeRemote, formatReply } from '@mairust/mail-core/smtp'
import type { TiedMail } from './tied.ts'

const MAX_WORDS = 500

/** What the journey that brought returned mail tells of it. */
export function eventHere(
  { tenantId, journeyId, address }: ReturnedRow,
  mail: ReturnedMail | null,
  tied: TiedMail | null,
  at: Date,
): JourneyEventInput {
  const about = tied === null ? 'about no message that we know' : `about ${tied.sent.outgoing.journeyId}`
  const name = mail?.kind ?? 'unreadable'
  const result = mail === null ? 'failed' : 'ok'
  return { tenantId, journeyId, at, kind: 'bounce', name, result, detail: about + doubt(tied), recipient: address }
}

/** What the journey of our message tells of mail that changes nothing: that it is late, that somebody is away, or what is not proved. */
export function eventThere(mail: ReturnedMail, tied: TiedMail, at: Date): JourneyEventInput {
  const { tenantId, journeyId } = tied.sent.outgoing
  const [only, ...more] = tied.recipients
  const [said] = mail.recipients
  const words = said === undefined ? 'it was passed on to the sender' : escapeRemote(formatReply(said.reply), MAX_WORDS)
  return {
    tenantId,
    journeyId,
    at,
    kind: 'bounce',
    name: mail.kind,
    result: 'info',
    detail: words + doubt(tied),
    recipient: only !== undefined && more.length === 0 ? only.address : null,
  }
}

const doubt = (tied: TiedMail | null): string =>
  tied === null || tied.isProved ? '' : ', which its address does not prove'
