import type { Readable } from 'node:stream'
import { evaluateData } from '@mairust/mail-core/inbound'
import { LineGuard, replies, type SmtpReply, withJourney } from '@mairust/mail-core/smtp'
import type { Client } from '../client.ts'
import type { SmtpContext } from '../context.ts'
import { spool, type Spooled } from '../spool.ts'
import { prepareSubmission } from '../submission.ts'
import type { Part } from '../source.ts'
import { clientName } from './connect.ts'

/** RFC 5321 §4.5.3.1.6 allows 1,000 octets with CRLF; other servers send longer ones all the same. */
const MAX_LINE = { inbound: 64 * 1024, submission: 998 }

/** DATA: takes the message in, looks at its bytes, and keeps it for good before it says 250. */
export async function data(context: SmtpContext, client: Client, message: Readable): Promise<SmtpReply> {
  const { transaction } = client
  if (transaction === null) throw new Error('DATA without a transaction')
  const facts = client.facts()
  const authenticated = facts.user !== null
  const settings = context.settings()
  const began = context.now()
  const spooled = await spool(message, {
    guard: new LineGuard({
      mode: authenticated ? 'normalise' : 'refuse',
      maxLine: authenticated ? MAX_LINE.submission : MAX_LINE.inbound,
      maxSize: settings.maxSize,
    }),
    folder: context.spoolFolder,
    name: `spool-${transaction.id}`,
  })
  try {
    transaction.step('data', 'DATA', 'ok', `${spooled.facts.size} bytes, ${spooled.facts.lines} lines`)
    const reply = await decide()
    const result = reply.code < 400 ? 'accepted' : reply.code < 500 ? 'deferred' : 'refused'
    context.metrics.messages.inc({ listener: facts.listener, result })
    context.metrics.duration.observe((context.now() - began) / 1000)
    return reply
  } finally {
    client.transaction = null
    await spooled.discard()
  }

  async function decide(): Promise<SmtpReply> {
    if (transaction === null) return replies.unexpected
    const decision = evaluateData({ data: spooled.facts, hostname: settings.hostname, authenticated })
    if (decision.kind === 'refuse') return refuse(decision.reply, decision.reason)
    const parts = await prepare(spooled)
    if ('reply' in parts) return refuse(parts.reply, parts.reason)
    return context.accept.message({
      transaction,
      facts,
      clientName: await clientName(context, client),
      body: parts.parts,
    })
  }

  function refuse(reply: SmtpReply, reason: string): SmtpReply {
    if (transaction === null) return reply
    const told = withJourney(reply, transaction.id)
    transaction.step('data', 'content', 'refused', reason)
    context.accept.record(transaction.answered(told))
    return told
  }

  async function prepare({ body, facts: dataFacts }: Spooled): Promise<Prepared> {
    if (body === null) return { reply: replies.unexpected, reason: 'no_body' }
    if (facts.user === null) return { parts: [body] }
    return prepareSubmission(context, facts.user, { body, facts: dataFacts })
  }
}

/** The message to keep, or why it is refused. */
export type Prepared = { readonly parts: readonly Part[] } | { readonly reply: SmtpReply; readonly reason: string }
