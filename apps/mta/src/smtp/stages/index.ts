import { abandoned, hasRecipients } from '@mairust/intake/transaction'
import type { Stages } from '../client.ts'
import type { SmtpContext } from '../context.ts'
import { auth } from './auth.ts'
import { connect } from './connect.ts'
import { data } from './data.ts'
import { mail } from './mail.ts'
import { rcpt } from './rcpt.ts'

/** Creates the stages of a session. */
export function createStages(context: SmtpContext): Stages {
  return {
    connect: (client) => connect(context, client),
    login: (client, credentials) => auth(context, client, credentials),
    mail: (client, command) => mail(context, client, command),
    rcpt: (client, command) => rcpt(context, client, command),
    data: (client, message) => data(context, client, message),
    reset: (client, ending) => {
      const { transaction } = client
      client.transaction = null
      if (transaction === null || !hasRecipients(transaction)) return
      const journey = abandoned(transaction, ending)
      context.accept.record(journey)
      context.metrics.messages.inc({ listener: client.facts().listener, result: journey.status })
      client.refusals.transactions += 1
    },
  }
}
