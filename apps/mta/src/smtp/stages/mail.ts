import { addressKey, parseReversePath } from '@mairust/mail-core/address'
import { decideRefusals, decideSize } from '@mairust/mail-core/inbound'
import {
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
import { internalError, noSpace, type Refusal } from '../refusal.ts'
import { Transaction } from '../transaction.ts'

/** MAIL: opens a transaction, or tells why not. Who has been refused often enough is shown out. */
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
  const transaction = new Transaction(context.newId('jrn'), facts, context.now)
  const refusal = await check(context, facts, transaction, command).catch((error: unknown): Refusal => {
    const about = { err: error, journey_id: transaction.id, remote_addr: facts.remoteAddress }
    context.log.error(about, 'A sender could not be looked up')
    return internalError
  })
  if (refusal === null) {
    client.transaction = transaction
    return replies.senderOk
  }
  const reply = withJourney(refusal.reply, transaction.id)
  const result = statusOf(reply)
  transaction.step('mail', 'MAIL', result === 'deferred' ? 'deferred' : 'refused', refusal.reason)
  context.accept.record(transaction.answered(reply, refusal.reason))
  context.metrics.messages.inc({ listener: facts.listener, result })
  return reply
}

async function check(
  context: SmtpContext,
  { user }: SessionFacts,
  transaction: Transaction,
  command: PathCommand | null,
): Promise<Refusal | null> {
  const refuse = (reply: SmtpReply, reason: string): Refusal => ({ reply, reason })
  if (user !== null && !(await context.isActive(user))) return refuse(replies.authRequired, 'user_inactive')
  if (command === null) return refuse(replies.badSender, 'syntax')
  const path = parseReversePath(command.path)
  if (!path.ok) return refuse(replies.badSender, path.problem)
  transaction.reversePath = path.value
  if (command.params === null) return refuse(replies.badParameter, 'parameter')
  const parsed = parseMailParams(command.params, { dsn: false })
  if (!parsed.ok) return refuse(parsed.reply, 'parameter')
  transaction.params = parsed.params
  transaction.step('mail', command.path, 'ok')
  if (!parsed.params.smtputf8 && /[^\x20-\x7e]/.test(command.path)) return refuse(replies.utf8Needed, 'utf8')
  const { maxSize } = context.settings()
  const size = decideSize(parsed.params.size, maxSize)
  if (size.kind === 'refuse') return size
  if (!(await context.hasSpace(parsed.params.size ?? 0))) return noSpace
  if (user !== null && path.value !== null) {
    const owned = await context.owns(user.id, user.tenantId, addressKey(path.value))
    if (!owned) return refuse(replies.fromNotOwned, 'from_not_owned')
  }
  return null
}
