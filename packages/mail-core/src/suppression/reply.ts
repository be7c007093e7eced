import { smtpReply, type SmtpReply } from '../smtp/index.ts'

const MAX_REASON = 100

/** What stands where a server's words would for a recipient who is not sent to. */
export function suppressedReply(reason: string, since: Date): SmtpReply {
  const day = since.toISOString().slice(0, 10)
  return smtpReply(554, '5.7.1', `The address is on the suppression list since ${day}: ${reason.slice(0, MAX_REASON)}`)
}
