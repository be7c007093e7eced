import { answered, Journal, type Transaction } from '@mairust/intake/transaction'
import { parseReversePath, type ReversePath } from '@mairust/mail-core/address'
import { openEnvelope } from '@mairust/mail-core/envelope'
import { decideRefusals, decideSize } from '@mairust/mail-core/inbound'
import {
  type MailParams,
  NO_MAIL_PARAMS,
  offersDsn,
  parseMailParams,
  replies,
  type SessionFacts,
  type SmtpReply,
  statusOf,
  withJourney,
} from '@mairust/mail-core/smtp'
import type { Client } from '../client.ts'
import type { PathCommand } from '../command.ts'
import type { SmtpContext } from '../context.ts'
import { internalError, loginEnded, noSpace, type Refusal } from '../refusal.ts'
import { spoolOwner } from '../spool-space.ts'

/** MAIL: opens a transaction or refuses it. Disconnects after too many refusals. */
export async function mail(context: SmtpContext, client: Client, command: PathCommand | null): Promise<SmtpReply> {
  const decision = decideRefusals(client.refusals, context.settings().maxRecipients)
  if (decision.kind === 'refuse') return decision.reply
  const reply = await begin(context, client, command)
  if (statusOf(reply) !== 'accepted') client.refusals.transactions += 1
  return reply
}

async function begin(context: SmtpContext, client: Client, command: PathCommand | null): Promise<SmtpReply> {
  const facts = client.facts()
  // The library's own check is not enough: it depends on which commands it offers.
  if (facts.listener !== 'inbound' && (facts.tls === null || facts.user === null)) return replies.authRequired
  if (client.transaction !== null) return replies.badSequence
  const id = context.newId('jrn')
  const read = readMail(command, facts)
  const transaction: Transaction = {
    id,
    envelope: openEnvelope(read.reversePath, read.params),
    announcedSize: read.params.size,
    destinations: new Map(),
    journal: new Journal(id, facts, { now: context.now, named: client.named }),
  }
  if (command !== null && read.refusal === null) transaction.journal.step('mail', command.path, 'ok')
  const refusal =
    read.refusal ??
    (await check(context, facts, transaction).catch((error: unknown): Refusal => {
      const about = { err: error, journey_id: id, remote_addr: facts.remoteAddress }
      context.log.error(about, 'A sender could not be looked up')
      return internalError
    }))
  if (refusal === null) {
    client.transaction = transaction
    return replies.senderOk
  }
  const reply = withJourney(refusal.reply, id)
  const result = statusOf(reply)
  transaction.journal.step('mail', 'MAIL', result === 'deferred' ? 'deferred' : 'refused', refusal.reason)
  context.accept.record(answered(transaction, reply, refusal.reason))
  context.metrics.messages.inc({ listener: facts.listener, result })
  return reply
}

/** What could be parsed of MAIL, and why it is refused. */
interface MailRead {
  readonly reversePath: ReversePath
  readonly params: MailParams
  readonly refusal: Refusal | null
}

function readMail(command: PathCommand | null, facts: SessionFacts): MailRead {
  const refuse = (reply: SmtpReply, reason: string, reversePath: ReversePath = null): MailRead => ({
    reversePath,
    params: NO_MAIL_PARAMS,
    refusal: { reply, reason },
  })
  if (command === null) return refuse(replies.badSender, 'syntax')
  const path = parseReversePath(command.path)
  if (!path.ok) return refuse(replies.badSender, path.problem)
  if (command.params === null) return refuse(replies.badParameter, 'parameter', path.value)
  const parsed = parseMailParams(command.params, { dsn: offersDsn(facts) })
  if (!parsed.ok) return refuse(parsed.reply, 'parameter', path.value)
  const isUtf8 = /[^\x20-\x7e]/.test(command.path)
  return {
    reversePath: path.value,
    params: parsed.params,
    refusal: isUtf8 && !parsed.params.smtputf8 ? { reply: replies.utf8Needed, reason: 'utf8' } : null,
  }
}

async function check(
  context: SmtpContext,
  facts: SessionFacts,
  { envelope: { reversePath }, announcedSize }: Transaction,
): Promise<Refusal | null> {
  const { user } = facts
  if (user !== null && !(await context.isLoggedIn(user))) return loginEnded
  const { exempt, maxSize } = context.settings()
  const size = decideSize(announcedSize, maxSize)
  if (size.kind === 'refuse') return size
  if (!(await context.spoolSpace.has(spoolOwner(facts, exempt), announcedSize ?? 0))) return noSpace
  if (user !== null && reversePath !== null && !(await context.owns(user, reversePath))) {
    return { reply: replies.fromNotOwned, reason: 'from_not_owned' }
  }
  return null
}
