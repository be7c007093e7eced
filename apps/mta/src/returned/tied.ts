import type { Db } from '@mairust/db'
import { findSent, findSentBy, type ReturnedRow, type SentMessage } from '@mairust/db/queries/returned-mail'
import { tenantScope } from '@mairust/db/queries/scope'
import { parseAddress } from '@mairust/mail-core/address'
import { type ReturnedMail, tieReturned } from '@mairust/mail-core/bounce/inbound'
import type { ReturnPathSettings } from '@mairust/mail-core/envelope'

/** The message of ours that returned mail is about. */
export interface TiedMail {
  readonly sent: SentMessage
  /** Those of its recipients that it can be about: only who was sent to. */
  readonly recipients: SentMessage['deliveries']
  /** Whether only somebody who had that message can have written it. */
  readonly isProved: boolean
}

interface TieTerms {
  readonly settings: ReturnPathSettings
  readonly now: Date
}

/** Ties returned mail to a message of the tenant that it came to; null when nothing does (O47). */
export async function tiedTo(
  db: Db,
  { tenantId, address }: ReturnedRow,
  mail: ReturnedMail,
  { settings, now }: TieTerms,
): Promise<TiedMail | null> {
  const scope = tenantScope(tenantId)
  const to = parseAddress(address)
  const tie = to.ok ? tieReturned(mail, to.value, settings, now) : null
  switch (tie?.by) {
    case undefined:
      return null
    case 'return_path': {
      const sent = await findSent(db, scope, tie.subject)
      if (sent === null) return null
      const named = sent.deliveries.filter(({ id }) => id === tie.subject)
      return tied(sent, named.length > 0 ? named : sent.deliveries, true)
    }
    case 'envelope_id': {
      const sent = await findSentBy(db, scope, 'envid', tie.envelopeId)
      return sent === null ? null : tied(sent, sent.deliveries, false)
    }
    case 'message_id': {
      for (const id of tie.messageIds) {
        const sent = await findSentBy(db, scope, 'messageIdHeader', id)
        if (sent !== null) return tied(sent, sent.deliveries, false)
      }
      return null
    }
  }
}

const tied = (sent: SentMessage, recipients: SentMessage['deliveries'], isProved: boolean): TiedMail => ({
  sent,
  recipients: recipients.filter(({ attempts }) => attempts > 0),
  isProved,
})
