import { isAscii } from 'node:buffer'
import type { ExplainLanguage } from '../bounce/explain.ts'
import { formatAddress } from '../address/index.ts'
import { splitHeaders } from '../header/index.ts'
import { formatMailDate } from '../message/date.ts'
import { decodeHeaders } from '../message/headers.ts'
import { messageIdsOf } from '../message/thread.ts'
import { decodeWords } from '../message/words.ts'
import { shownText } from '../shown-text.ts'
import { headerText, textPart } from './encode.ts'
import { humanText } from './human.ts'
import { machineFields, originalAddress } from './machine.ts'
import { returnedPart } from './original.ts'
import { DSN_ACTIONS, type Dsn, type DsnReport, type DsnTools } from './types.ts'
import { DSN_WORDS } from './words.ts'

const LIMITS = { headerBytes: 262_144, headerFields: 1000 }
const MAX_SUBJECT = 120

/**
 * Composes one delivery status notification about the recipients of one message (O43, RFC 3464, RFC 6533): an explanation in the
 * sender's language, a report for programs, and the message or its header. Whatever remotes and the message say is escaped and
 * bounded; no line is longer than 998 octets.
 */
export function composeDsn(report: DsnReport, tools: DsnTools): Dsn {
  const { subject, messageId } = aboutOriginal(report.original)
  const words = DSN_WORDS[report.language]
  const utf8 = needsUtf8(report)
  const returned = returnedPart(report)
  const action =
    DSN_ACTIONS.find((each) => report.recipients.some((recipient) => recipient.action === each)) ?? 'failed'
  const human = textPart(humanText(report, subject, returned.isFull))
  const machine = Buffer.from(machineFields(report, utf8))
  const type = utf8 ? 'global-delivery-status' : 'delivery-status'
  const header = [
    `From: ${headerText(words.from)} <${formatAddress(report.from)}>`,
    `To: ${formatAddress(report.to)}`,
    `Subject: ${headerText(`${words.subject[action]}: ${subject}`)}`,
    `Date: ${formatMailDate(tools.now)}`,
    `Message-ID: <${tools.messageId}>`,
    ...(messageId === null ? [] : [`In-Reply-To: <${messageId}>`, `References: <${messageId}>`]), // RFC 3834 §3.1.5
    'Auto-Submitted: auto-replied', // RFC 3834 §5
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${type};`, // RFC 6522 §3
    ` boundary="${tools.boundary}"`,
  ]
  const parts: readonly [readonly string[], Buffer][] = [
    [human.header, Buffer.from(human.body)],
    [[`Content-Type: message/${type}`, ...(isAscii(machine) ? [] : ['Content-Transfer-Encoding: 8bit'])], machine],
    [returned.header, returned.body],
  ]
  const raw = Buffer.concat([
    Buffer.from(lines(header)),
    ...parts.flatMap(([fields, body]) => [Buffer.from(`\r\n--${tools.boundary}\r\n${lines(fields)}\r\n`), body]),
    Buffer.from(`\r\n--${tools.boundary}--\r\n`),
  ])
  return {
    raw,
    reversePath: null,
    to: report.to,
    smtputf8: !isAscii(Buffer.from(lines(header))),
    body: isAscii(raw) ? '7bit' : '8bitmime',
  }
}

/** Whether the report has UTF-8: an address needs it, and the sender, who used SMTPUTF8, can read it (RFC 6533 §4). */
function needsUtf8({ smtputf8, to, recipients }: DsnReport): boolean {
  const addresses = recipients.flatMap(({ path, orcpt }) => [
    path === 'postmaster' ? path : formatAddress(path),
    originalAddress({ orcpt }) ?? '',
  ])
  return smtputf8 && [formatAddress(to), ...addresses].some((address) => !isAscii(Buffer.from(address)))
}

/** The language to tell the sender in: that of what he wrote, as far as its subject shows (RFC 3464 §2.1 leaves it to us). */
export function languageOf(original: Buffer): ExplainLanguage {
  return /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(aboutOriginal(original).subject) ? 'ja' : 'en'
}

function aboutOriginal(original: Buffer): { subject: string; messageId: string | null } {
  const headers = decodeHeaders(splitHeaders(original, 0, original.length, LIMITS))
  const value = (name: string) => headers.find((field) => field.name.toLowerCase() === name)?.value ?? ''
  const subject = shownText(decodeWords(value('subject')))
  const [id] = messageIdsOf(value('message-id'))
  return {
    subject:
      subject.length > MAX_SUBJECT ? `${subject.slice(0, MAX_SUBJECT).replace(/[\uD800-\uDBFF]$/, '')}…` : subject,
    messageId: id !== undefined && /^[\x21-\x7e]{1,900}$/.test(id) ? id : null,
  }
}

function lines(fields: readonly string[]): string {
  return fields.map((field) => `${field}\r\n`).join('')
}
