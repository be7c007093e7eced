import { randomUUID } from 'node:crypto'
import { BlobNotFoundError, type BlobStore } from '@mairust/db/blob'
import type { Reportable } from '@mairust/db/queries/delivery-report'
import { type BounceClass, isBounceClass } from '@mairust/mail-core/bounce'
import { composeDsn, type Dsn, type DsnEvent, type DsnRecipient, headerText, languageOf } from '@mairust/mail-core/dsn'
import { failures, remoteReply } from '@mairust/mail-core/outbound'
import { smtpReply, type SmtpReply } from '@mairust/mail-core/smtp'
import { isTold } from '../delivery/outcomes.ts'
import { recipientOf, senderOf } from '../delivery/stored-paths.ts'

/** Whether senders are told of ends, or that mail is late. */
export type ReportKind = 'ended' | 'late'

interface ReportTools {
  readonly blobs: Pick<BlobStore, 'get'>
  readonly hostname: string
  readonly now: Date
  readonly noticeHours: number
}

type One = Reportable['recipients'][number]

/** Bytes of the message that a notification may return. */
const MAX_ORIGINAL = 256 * 1024
const returned = smtpReply(554, '5.7.0', 'The message was returned by whoever runs the server')

/** The notification to the sender of a message, or null when there is nothing to tell. */
export async function reportOf(about: Reportable, kind: ReportKind, tools: ReportTools): Promise<Dsn | null> {
  const { outgoing } = about
  const to = senderOf(outgoing.sender)
  if (to === null) return null
  const told = about.recipients.filter(({ delivery }) => isTold({ delivery, outgoing }, eventOf(delivery, kind, tools)))
  const recipients = told.map((one) => toDsnRecipient(one, kind))
  const [first, ...others] = recipients
  if (first === undefined) return null
  const { bytes, complete } = await originalOf(about, tools.blobs)
  const { now, hostname } = tools
  return composeDsn(
    {
      to,
      from: { localPart: 'postmaster', domain: to.domain, literal: false },
      language: languageOf(bytes),
      hostname,
      arrivedAt: outgoing.createdAt,
      envid: outgoing.envid,
      ret: outgoing.ret,
      smtputf8: outgoing.smtpUtf8,
      recipients: [first, ...others],
      original: bytes,
      complete,
    },
    { now, messageId: `${randomUUID()}@${hostname}`, boundary: `dsn-${randomUUID()}` },
  )
}

function eventOf(delivery: One['delivery'], kind: ReportKind, { now, noticeHours }: ReportTools): DsnEvent {
  return kind === 'late'
    ? { kind: 'delayed', since: delivery.createdAt, now, noticeHours, noticed: delivery.noticedAt !== null }
    : { kind: delivery.state === 'delivered' ? 'delivered' : 'failed' }
}

function toDsnRecipient({ delivery, lastAttempt }: One, kind: ReportKind): DsnRecipient {
  const said = remoteReply([Buffer.from(delivery.lastReply)])
  const host = delivery.returnedBy === '' ? (lastAttempt?.host ?? '') : delivery.returnedBy
  const facts = {
    path: recipientOf(delivery.recipient),
    orcpt: delivery.orcpt,
    said: said === null || host === '' ? null : { host, reply: said },
    lastAttemptAt: lastAttempt?.endedAt ?? null,
    willRetryUntil: kind === 'late' ? delivery.expiresAt : null,
  }
  if (kind === 'late') {
    const reply = said ?? failures.noAnswer.reply
    return { ...facts, action: 'delayed', class: classOf(delivery.reason), reply }
  }
  if (delivery.state === 'delivered') {
    // RFC 3461 §6.3: here, or to a server that reports nothing itself.
    const action = delivery.attempts === 0 ? ('delivered' as const) : ('relayed' as const)
    return { ...facts, action, class: null, reply: said ?? smtpReply(250, '2.0.0', 'Ok') }
  }
  const suppressed = delivery.state === 'suppressed'
  const reply = endReply(suppressed ? '' : delivery.reason, said)
  return { ...facts, action: 'failed', class: classOf(delivery.reason), suppressed, reply }
}

const classOf = (reason: string): BounceClass => (isBounceClass(reason) ? reason : 'policy')

function endReply(reason: string, said: SmtpReply | null): SmtpReply {
  if (reason === 'expired') return failures.expired.reply
  return said !== null && said.code >= 500 ? said : returned
}

/** The message as it was sent, or its beginning. */
async function originalOf({ outgoing }: Reportable, blobs: Pick<BlobStore, 'get'>) {
  const { blobKey, header, size } = outgoing
  const start = Buffer.from(header)
  if (blobKey === null) return { bytes: Buffer.concat([start, rememberedOf(outgoing)]), complete: false }
  const room = MAX_ORIGINAL - start.length
  const chunks: Buffer[] = [start]
  try {
    const stored = await blobs.get(blobKey, { start: 0, end: Math.min(size, room) - 1 })
    for await (const chunk of stored as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch (error) {
    // The sender is told without it.
    if (!(error instanceof BlobNotFoundError)) throw error
    return { bytes: Buffer.concat([start, rememberedOf(outgoing)]), complete: false }
  }
  return { bytes: Buffer.concat(chunks), complete: size <= room }
}

/** What is remembered of a message that is gone: by this the sender knows which it was. */
function rememberedOf({ subject, messageIdHeader }: Reportable['outgoing']): Buffer {
  const id = messageIdHeader === null ? '' : `Message-ID: <${messageIdHeader}>\r\n`
  return Buffer.from(`Subject: ${headerText(subject)}\r\n${id}\r\n`)
}
