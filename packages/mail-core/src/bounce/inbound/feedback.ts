import { parseDate } from '../../message/date.ts'
import { oneLine } from '../../smtp/text.ts'
import { addressText } from './addresses.ts'
import { fieldGroups } from './fields.ts'
import type { ReturnedParts } from './parts.ts'
import type { Feedback, ReturnedKind } from './types.ts'

const MAX_VALUES = 50
/** How providers hide an address: their stand-ins lead nowhere. */
const REDACTED = /redacted|^undisclosed|^x{3,}@|^\[/i

/** A feedback report, with what ties it to our message. */
export interface FeedbackReport {
  readonly kind: ReturnedKind
  readonly feedback: Feedback
  readonly envelopeId: string | null
  readonly mailFrom: string | null
}

/** Reads a report of RFC 5965 or RFC 6591, whose recipients may be redacted; null when it has no type. */
export function readFeedback(report: string, { originalField }: ReturnedParts): FeedbackReport | null {
  const fields = new Map<string, readonly string[]>()
  for (const group of fieldGroups(report))
    for (const [name, values] of group) if (!fields.has(name)) fields.set(name, values)
  const all = (name: string) => (fields.get(name) ?? []).slice(0, MAX_VALUES).map((value) => oneLine(value, 998))
  const one = (name: string) => all(name)[0] ?? null
  const type = one('feedback-type')?.toLowerCase().slice(0, 40)
  if (type === undefined || type === '') return null
  const named = [...all('original-rcpt-to'), ...all('removal-recipient'), originalField('x-hmxmroriginalrecipient')]
  const feedback: Feedback = {
    type,
    userAgent: one('user-agent'),
    sourceIp: one('source-ip')?.slice(0, 45) ?? null,
    arrivedAt: parseDate(one('arrival-date') ?? one('received-date') ?? ''),
    recipients: realAddresses(named),
    reportedDomains: all('reported-domain').map((domain) => domain.toLowerCase().slice(0, 255)),
    authFailure: one('auth-failure')?.toLowerCase() ?? null,
    deliveryResult: one('delivery-result')?.toLowerCase() ?? null,
  }
  const kind = type === 'auth-failure' ? 'auth_failure' : type === 'not-spam' ? 'not_spam' : 'complaint'
  return {
    kind,
    feedback,
    envelopeId: one('original-envelope-id')?.slice(0, 100) ?? null,
    mailFrom: one('original-mail-from'),
  }
}

/** A complaint of Outlook.com in the older form: the message alone, with the recipient in a field of its own. */
export function readJunkReport({ originalField, field }: ReturnedParts): Feedback | null {
  const recipient = originalField('x-hmxmroriginalrecipient')
  if (recipient === '' || !/@(?:hotmail|outlook|microsoft)\.com\b/i.test(field('from'))) return null
  return {
    type: 'abuse',
    userAgent: null,
    sourceIp: /(?:message|ip) (?:from )?\[?(\d{1,3}(?:\.\d{1,3}){3})/i.exec(field('subject'))?.[1] ?? null,
    arrivedAt: null,
    recipients: realAddresses([recipient]),
    reportedDomains: [],
    authFailure: null,
    deliveryResult: null,
  }
}

function realAddresses(values: readonly string[]): string[] {
  const found = values.map(addressText).filter((text) => text.includes('@') && !REDACTED.test(text))
  return [...new Set(found)]
}
