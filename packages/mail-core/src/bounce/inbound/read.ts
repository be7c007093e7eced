import type { ReversePath } from '../../address/index.ts'
import { withinEffort } from '../../message/effort.ts'
import { addressesIn } from './addresses.ts'
import { isAutomatic, isAutoReply } from './automatic.ts'
import { BOUNDS } from './bounds.ts'
import { diagnose } from './diagnosis.ts'
import { readFeedback, readJunkReport } from './feedback.ts'
import { DAEMONS } from './formats/index.ts'
import { fieldIn, originOf } from './original.ts'
import { type ReturnedParts, takeApart } from './parts.ts'
import { type PlainBounce, readPlain } from './plain.ts'
import { readReport } from './report.ts'
import type { ReturnedKind, ReturnedMail, ReturnedRecipient } from './types.ts'

/** Bounces with a reverse-path, contrary to RFC 5321 §4.5.5, are known by their author. */
const DAEMON = new RegExp(DAEMONS.join('|'), 'i')
const HOST = /\b(?:host|talking to) ([\w-]{1,63}(?:\.[\w-]{1,63}){1,9})/i

/**
 * Reads mail that came back to a return path (O47–O49): reports of RFC 3464, 5965 and 6591, and what programs write instead. It may be
 * forged: only what ties it to a message of ours makes it true. Never throws, and
 * does a bounded amount of work whatever the bytes; still, read it in a worker, as strangers choose them.
 * @param reversePath of its envelope
 */
export function readReturned(raw: Buffer, { reversePath }: { readonly reversePath: ReversePath }): ReturnedMail {
  return withinEffort(() => readParts(takeApart(raw), reversePath))
}

function readParts(parts: ReturnedParts, reversePath: ReversePath): ReturnedMail {
  const isDaemon = reversePath === null || parts.isReport || DAEMON.test(parts.field('from'))
  return (
    complaintOf(parts) ??
    (isDaemon ? reportOf(parts) : null) ??
    (parts.hasDisposition ? nothing(parts, 'disposition') : null) ??
    (isAutoReply(parts) ? nothing(parts, 'auto_reply') : null) ??
    (isDaemon ? plainBounceOf(parts) : null) ??
    nothing(parts, isAutomatic(parts) ? 'auto_reply' : 'other')
  )
}

function complaintOf(parts: ReturnedParts): ReturnedMail | null {
  const read = parts.feedbackReport === null ? null : readFeedback(parts.feedbackReport, parts)
  if (read !== null) {
    const { kind, feedback, envelopeId, mailFrom } = read
    return { kind, format: 'arf', recipients: [], envelopeId, ...originOf(parts, [], mailFrom), feedback }
  }
  const feedback = readJunkReport(parts)
  return feedback === null ? null : { ...nothing(parts, 'complaint'), format: 'junk_report', feedback }
}

function reportOf(parts: ReturnedParts): ReturnedMail | null {
  const read = parts.deliveryStatus === null ? null : readReport(parts.deliveryStatus, parts.text)
  if (read === null) return null
  const kind = kindOf(read.recipients)
  return { kind, format: 'rfc3464', ...read, ...originOf(parts, copyIn(parts), null), feedback: null }
}

function plainBounceOf(parts: ReturnedParts): ReturnedMail | null {
  const plain = readPlain(parts)
  if (plain === null) return null
  const named = namedOf(parts, plain)
  const recipients = [...named].map(([address, reason]) =>
    diagnose({
      address,
      original: null,
      action: plain.isDelayed ? 'delayed' : 'failed',
      status: null,
      reason: reason === '' ? plain.context : reason,
      host: HOST.exec(reason)?.[1]?.toLowerCase() ?? null,
      reporter:
        parts
          .field('from')
          .split('@')
          .at(-1)
          ?.replace(/[>\s].*$/, '') ?? null,
      context: plain.context,
    }),
  )
  const origin = originOf(parts, plain.copy, null)
  return { kind: kindOf(recipients), format: plain.format, recipients, envelopeId: null, ...origin, feedback: null }
}

/** The recipients; where the text has none, those of a field of Exim's and Google's, or the only one of the message that came back. */
function namedOf(parts: ReturnedParts, { reasons, copy }: PlainBounce): ReadonlyMap<string, string> {
  if (reasons.size > 0) return reasons
  const failed = addressesIn(parts.field('x-failed-recipients').slice(0, BOUNDS.line))
  const to = addressesIn(parts.originalField('to').slice(0, BOUNDS.line) || fieldIn(copy, 'to'))
  const found = failed.length > 0 ? failed : to.length === 1 ? to : []
  return new Map(found.length > 0 ? found.map(({ address }) => [address, '']) : [['', '']])
}

function kindOf(recipients: readonly ReturnedRecipient[]): ReturnedKind {
  const has = (action: ReturnedRecipient['action']) => recipients.some((each) => each.action === action)
  if (has('failed')) return 'bounce'
  return has('delayed') ? 'delayed' : 'delivered'
}

/** The text after a report may have the message's header, in place of a third part. */
const copyIn = ({ text }: ReturnedParts): readonly string[] =>
  text
    .slice(-BOUNDS.line * 20)
    .split('\n')
    .slice(-200)

function nothing(parts: ReturnedParts, kind: ReturnedKind): ReturnedMail {
  return { kind, format: kind, recipients: [], envelopeId: null, ...originOf(parts, [], null), feedback: null }
}
