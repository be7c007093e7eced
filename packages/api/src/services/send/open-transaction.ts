import { createId } from '@mairust/db'
import { Journal, type Transaction, withDestination } from '@mairust/intake/transaction'
import { formatPath } from '@mairust/mail-core/address'
import { openEnvelope } from '@mairust/mail-core/envelope'
import { NO_MAIL_PARAMS } from '@mairust/mail-core/smtp'
import type { ServiceContext } from '../../context.ts'
import type { Handed } from './handed.ts'

const NOT_ASCII = /[^\x20-\x7e]/

/** The transaction of a message that comes over the API, as it would be with SMTP. */
export const openTransaction = (
  ctx: ServiceContext,
  { sender, from, message, recipients, journeyId: id = createId('jrn') }: Handed,
  size: number,
): Transaction => {
  const origin = { listener: 'api', remoteAddress: ctx.ip, helo: '', tls: null, user: sender.user }
  const journal = new Journal(id, origin, { now: () => ctx.now().getTime(), named: { count: 0 } })
  journal.step('mail', `<${formatPath(from)}>`, 'ok')
  const paths = [from, ...recipients.map(({ destination }) => destination.recipient.path)]
  // RFC 6531 §3.3: what is not ASCII needs servers that take it.
  const smtputf8 =
    message.utf8Header || paths.some((path) => NOT_ASCII.test(path === 'postmaster' ? path : path.localPart))
  const opened: Transaction = {
    id,
    envelope: openEnvelope(from, { ...NO_MAIL_PARAMS, smtputf8 }),
    announcedSize: null,
    destinations: new Map(),
    journal,
  }
  const transaction = recipients.reduce((so, { destination }) => withDestination(so, destination), opened)
  journal.step('data', 'message', 'ok', `${size} bytes`)
  return transaction
}
