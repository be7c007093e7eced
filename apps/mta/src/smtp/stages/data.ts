import type { Readable } from 'node:stream'
import { isDiskFull } from '@mairust/db'
import { MAX_SUBMITTED_LINE, type PreparedSubmission, prepareSubmission, without } from '@mairust/intake'
import { abandoned, answered, type Ending, type Transaction } from '@mairust/intake/transaction'
import { evaluateData } from '@mairust/mail-core/inbound'
import { LineGuard, replies, type SessionFacts, type SmtpReply, statusOf, withJourney } from '@mairust/mail-core/smtp'
import type { Client } from '../client.ts'
import type { SmtpContext } from '../context.ts'
import { internalError, loginEnded, noSpace, type Refusal } from '../refusal.ts'
import { ClientGoneError, spool, type Spooled } from '../spool.ts'
import { SpoolFullError } from '../spool-bytes.ts'
import { spoolOwner } from '../spool-space.ts'
import { namedIn } from '../unknown-throttle.ts'
import { clientName } from './connect.ts'

/** RFC 5321 §4.5.3.1.6 allows 1,000 octets with CRLF, but other servers do send longer lines. */
const MAX_LINE = { inbound: 64 * 1024, submission: MAX_SUBMITTED_LINE }

/** The session when DATA began; the connection may be gone by the time the message is stored. */
interface Sender {
  readonly facts: SessionFacts
  readonly name: Promise<string | null>
  readonly ending: () => Ending
}

/**
 * DATA: reads the message, checks it, and stores it durably before replying 250. The transaction no longer depends on the
 * client: once the final dot has arrived, the message is kept even if the client is gone.
 */
export async function data(context: SmtpContext, client: Client, message: Readable): Promise<SmtpReply> {
  const { transaction } = client
  if (transaction === null) throw new Error('DATA without a transaction')
  client.transaction = null
  const facts = client.facts()
  const began = context.now()
  const reply = await take(
    context,
    { facts, name: clientName(context, client), ending: () => client.ending },
    transaction,
    message,
  )
  const result = statusOf(reply)
  if (result === 'accepted') {
    Object.assign(client.refusals, { transactions: 0, recipients: 0, overLimit: 0 })
    const named = [...transaction.destinations.values()].map(({ recipient }) => namedIn(recipient.path))
    context.throttle.accepted(facts, named)
  } else client.refusals.transactions += 1
  context.metrics.messages.inc({ listener: facts.listener, result })
  context.metrics.duration.observe((context.now() - began) / 1000)
  return reply
}

/** Never throws: the transaction's journey records every outcome. */
async function take(
  context: SmtpContext,
  sender: Sender,
  transaction: Transaction,
  message: Readable,
): Promise<SmtpReply> {
  const authenticated = sender.facts.user !== null
  let spooled: Spooled | null = null
  try {
    const place = context.spoolSpace.open(
      spoolOwner(sender.facts, context.settings().exempt),
      transaction.announcedSize,
    )
    spooled = await spool(message, {
      guard: new LineGuard({
        mode: authenticated ? 'normalise' : 'refuse',
        maxLine: authenticated ? MAX_LINE.submission : MAX_LINE.inbound,
        maxSize: context.settings().maxSize,
        hostname: context.settings().hostname,
      }),
      folder: context.spoolFolder,
      name: `spool-${transaction.id}`,
      budget: context.spoolMemory,
      place,
    })
    transaction.journal.step('data', 'DATA', 'ok', `${spooled.facts.size} bytes, ${spooled.facts.lines} lines`)
    const prepared = await prepare(context, sender.facts, spooled)
    if ('reply' in prepared) {
      transaction.journal.step('data', 'content', 'refused', prepared.reason)
      return refuse(context, transaction, prepared)
    }
    return await context.accept.message({
      transaction,
      facts: sender.facts,
      clientName: await sender.name,
      body: prepared.parts,
      unsigned: prepared.unsigned,
      eightBit: spooled.facts.eightBit,
      // The bytes as received: a signature may cover even a field that we remove.
      unverified: authenticated ? null : spooled.body,
      roomFor: (bytes) => place.store(bytes),
    })
  } catch (error) {
    const about = { err: error, journey_id: transaction.id, remote_addr: sender.facts.remoteAddress }
    if (error instanceof ClientGoneError) {
      context.log.debug(about, 'A client went away within its message')
      context.accept.record(abandoned(transaction, sender.ending()))
      return replies.unexpected
    }
    const isOverShare = error instanceof SpoolFullError
    if (!isOverShare) context.log.error(about, 'A message could not be taken in')
    const refusal = isOverShare || isDiskFull(error) ? noSpace : internalError
    transaction.journal.step('data', 'spool', 'deferred', refusal.reason)
    return refuse(context, transaction, refusal)
  } finally {
    // The reply stands; a file left behind is removed once it is old.
    await spooled
      ?.discard()
      .catch((error: unknown) => context.log.warn({ err: error }, 'A temporary file could not be removed'))
  }
}

/** The message to store, or why it is refused. */
async function prepare(
  context: SmtpContext,
  { user }: SessionFacts,
  { body, facts }: Spooled,
): Promise<PreparedSubmission> {
  // A password may have been reset, or the user suspended, while the message arrived.
  if (user !== null && !(await context.isLoggedIn(user))) return loginEnded
  const decision = evaluateData({ data: facts, authenticated: user !== null })
  if (decision.kind === 'refuse') return decision
  if (body === null) throw new Error('A message without a problem has no body')
  // RFC 8601 §5: remove forged results that claim to be ours.
  if (user === null) return { parts: without(body, facts.forgedResults ?? []), unsigned: null, blind: [] }
  const { hostname } = context.settings()
  return prepareSubmission(
    { body, headerSize: facts.headerSize ?? facts.size },
    {
      hostname,
      now: new Date(context.now()),
      newMessageId: () => `${context.newId('msg')}@${hostname}`,
      owns: (author) => context.owns(user, author),
    },
  )
}

function refuse(context: SmtpContext, transaction: Transaction, { reply, reason }: Refusal): SmtpReply {
  const told = withJourney(reply, transaction.id)
  context.accept.record(answered(transaction, told, reason))
  return told
}
