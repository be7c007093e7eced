import {
  type Destination,
  findDestination,
  returnedDestination,
  type Transaction,
  withDestination,
} from '@mairust/intake/transaction'
import { parseAddress, parseForwardPath, recipientKey } from '@mairust/mail-core/address'
import {
  decideRecipientCount,
  decideRefusals,
  decideUnknownRecipients,
  inNetworks,
  type RecipientDecision,
  resolveRecipient,
  type UnknownRecipients,
} from '@mairust/mail-core/inbound'
import { offersDsn, parseRcptParams, replies, type SmtpReply, withJourney } from '@mairust/mail-core/smtp'
import type { Client } from '../client.ts'
import type { PathCommand } from '../command.ts'
import type { SmtpContext } from '../context.ts'
import { internalError, type Refusal } from '../refusal.ts'
import { namedIn } from '../unknown-throttle.ts'

interface Verdict extends Refusal {
  /** Comparison key, or the raw argument when it does not parse. */
  readonly address: string
  readonly tenantId: string | null
  /** The names of the roles of those whose mailboxes it leads to; absent when it was not resolved. */
  readonly ownerRoles?: readonly string[] | undefined
  readonly destination?: Destination | undefined
}

/** Ours, not the sender's fault. */
const NO_FAULT: ReadonlySet<SmtpReply> = new Set([replies.unexpected, replies.notSetUp])

/** RCPT: resolves the recipient or refuses it. Disconnects after too many refusals. */
export async function rcpt(context: SmtpContext, client: Client, command: PathCommand | null): Promise<SmtpReply> {
  const { transaction } = client
  if (transaction === null) return afterRefusal(context, client, replies.badSequence)
  const verdict = await decide(context, client, transaction, command).catch((error: unknown): Verdict => {
    const about = { err: error, journey_id: transaction.id, remote_addr: client.facts().remoteAddress }
    context.log.error(about, 'A recipient could not be looked up')
    return { ...internalError, address: addressIn(command), tenantId: null }
  })
  if (verdict.destination !== undefined) {
    const next = withDestination(transaction, verdict.destination)
    // The session may have ended while the recipient was looked up.
    if (client.transaction === transaction) client.transaction = next
    return verdict.reply
  }
  const isFault = !NO_FAULT.has(verdict.reply)
  const refusal = !isFault ? verdict.reply : afterRefusal(context, client, verdict.reply)
  const reply = withJourney(refusal, transaction.id)
  transaction.journal.refused(verdict.address, verdict, reply, verdict.reason)
  context.metrics.refusedRecipients.inc({ listener: client.facts().listener, reason: verdict.reason })
  return reply
}

async function decide(
  context: SmtpContext,
  client: Client,
  transaction: Transaction,
  command: PathCommand | null,
): Promise<Verdict> {
  const key = addressIn(command)
  const verdict = (
    reply: SmtpReply,
    reason: string,
    tenantId: string | null = null,
    ownerRoles?: readonly string[],
  ): Verdict => ({ reply, address: key, reason, tenantId, ownerRoles })
  if (command === null) return verdict(replies.badRecipient, 'syntax')
  const path = parseForwardPath(command.path)
  if (!path.ok) {
    return verdict(path.problem === 'source_route' ? replies.relayDenied : replies.badRecipient, path.problem)
  }
  const { destinations, envelope, announcedSize } = transaction
  const recipient = { key: recipientKey(path.value), path: path.value }
  const others = destinations.size - (destinations.has(recipient.key) ? 1 : 0)
  const count = decideRecipientCount(others, context.settings().maxRecipients)
  if (count.kind === 'refuse') return verdict(count.reply, count.reason)
  if (command.params === null) return verdict(replies.badParameter, 'parameter')
  const params = parseRcptParams(command.params, { dsn: offersDsn(client.facts()) })
  if (!params.ok) return verdict(params.reply, 'parameter')
  if (!envelope.smtputf8 && /[^\x20-\x7e]/.test(command.path)) return verdict(replies.utf8Needed, 'utf8')

  const { user } = client.facts()
  const { domain } = namedIn(path.value)
  const lookup = decideUnknownRecipients(unknownOf(context, client, domain))
  if (lookup.kind === 'refuse') return verdict(lookup.reply, lookup.reason)
  const address = { ...recipient, ...params.params }
  const returned = path.value === 'postmaster' ? null : await context.findReturnTarget(path.value)
  if (returned !== null && path.value !== 'postmaster') {
    // Only a bounce may come to a full mailbox.
    const room = envelope.reversePath === null ? null : await roomOf(context, returned.fallback, announcedSize)
    if (room?.kind === 'refuse') return verdict(room.reply, room.reason, returned.tenantId, room.ownerRoles)
    const destination = await returnedDestination({ ...address, path: path.value }, returned, context.directory)
    return { ...verdict(replies.recipientOk, 'accepted', returned.tenantId), destination }
  }
  const about = { size: announcedSize, senderTenantId: user?.tenantId ?? null }
  const found = await findDestination(address, about, context.directory)
  if (found.kind === 'found') {
    const { destination } = found
    return { ...verdict(replies.recipientOk, 'accepted', destination.tenantId), destination }
  }
  const { reason, tenantId, ownerRoles } = found
  const isGuess = reason === 'unknown' || reason === 'alias_disabled'
  return verdict((isGuess ? countUnknown(context, client, domain) : null) ?? found.reply, reason, tenantId, ownerRoles)
}

async function roomOf(
  { directory }: SmtpContext,
  address: string,
  size: number | null,
): Promise<RecipientDecision | null> {
  const path = parseAddress(address)
  return path.ok ? resolveRecipient({ path: path.value, size }, directory) : null
}

/** Counts a refused RCPT. @returns the reply to give: 421 when there were too many. */
function afterRefusal(context: SmtpContext, client: Client, refusal: SmtpReply): SmtpReply {
  client.refusals[refusal === replies.tooManyRecipients ? 'overLimit' : 'recipients'] += 1
  const decision = decideRefusals(client.refusals, context.settings().maxRecipients)
  return decision.kind === 'refuse' ? decision.reply : refusal
}

/** A client that tries many unknown addresses is harvesting; disconnect it. */
function countUnknown(context: SmtpContext, client: Client, domain: string): SmtpReply | null {
  client.unknownRecipients += 1
  context.throttle.add(client.facts(), domain)
  const decision = decideUnknownRecipients(unknownOf(context, client))
  return decision.kind === 'refuse' ? decision.reply : null
}

/** A user has counts of his own: strangers who share the address must not stop his mail. `next`: one more is named in that domain. */
function unknownOf(context: SmtpContext, client: Client, next?: string): UnknownRecipients {
  const facts = client.facts()
  const lastHour = context.throttle.count(facts, next)
  return {
    onConnection: client.unknownRecipients + (next === undefined ? 0 : 1),
    fromAddressLastHour: lastHour.client.unknown,
    fromNetworkLastHour: lastHour.network.unknown,
    earned: { client: lastHour.client.earned, network: lastHour.network.earned },
    exempt: inNetworks(facts.remoteAddress, context.settings().exempt),
  }
}

/** The address's comparison key, or the raw argument when it does not parse. */
function addressIn(command: PathCommand | null): string {
  if (command === null) return ''
  const path = parseForwardPath(command.path)
  return path.ok ? recipientKey(path.value) : command.path.slice(1, -1)
}
