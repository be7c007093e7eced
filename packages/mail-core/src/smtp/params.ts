import { replies } from './replies.ts'
import type { SessionFacts } from './session.ts'
import type { SmtpReply } from './reply.ts'

/** Parameters of MAIL, parsed. */
export interface MailParams {
  /** Bytes announced by SIZE (RFC 1870), or null. */
  readonly size: number | null
  readonly body: '7bit' | '8bitmime'
  readonly smtputf8: boolean
  readonly ret: 'full' | 'hdrs' | null
  readonly envid: string | null
}

export type Notify = 'success' | 'failure' | 'delay'

/** Parameters of RCPT, parsed. `notify` is null when absent, and empty for NEVER (RFC 3461 §4.1). */
export interface RcptParams {
  readonly notify: readonly Notify[] | null
  readonly orcpt: { readonly type: string; readonly address: string } | null
}

/** Keyword in any case and value, xtext already decoded; true for a keyword without value. */
export type ParamEntry = readonly [keyword: string, value: string | true]

export type ParamsResult<T> =
  | { readonly ok: true; readonly params: T }
  | { readonly ok: false; readonly keyword: string; readonly reply: SmtpReply }

/** MAIL without parameters. */
export const NO_MAIL_PARAMS: MailParams = { size: null, body: '7bit', smtputf8: false, ret: null, envid: null }
const NO_RCPT_PARAMS: RcptParams = { notify: null, orcpt: null }

const KEYWORD = /^[a-z0-9][a-z0-9-]*$/i // RFC 5321 §4.1.2 esmtp-keyword
const PRINTABLE = /^[\x20-\x7e]{1,500}$/

type Read<T> = (params: T, value: string | true) => T | null

const MAIL: ReadonlyMap<string, Read<MailParams>> = new Map<string, Read<MailParams>>([
  // RFC 1870 §3: at most 20 digits.
  ['SIZE', (params, value) => (typed(value, /^\d{1,20}$/) ? { ...params, size: Number(value) } : null)],
  // RFC 6152 §2. BINARYMIME (RFC 3030) needs CHUNKING, which is not offered.
  ['BODY', (params, value) => (typed(value, /^(?:7bit|8bitmime)$/i) ? { ...params, body: body(value) } : null)],
  // RFC 6531 §3.4: without a value.
  ['SMTPUTF8', (params, value) => (value === true ? { ...params, smtputf8: true } : null)],
  // RFC 4954 §5: the original submitter. We trust no client's claim, so it is parsed and dropped.
  ['AUTH', (params, value) => (typed(value, PRINTABLE) ? params : null)],
])

const MAIL_DSN: ReadonlyMap<string, Read<MailParams>> = new Map<string, Read<MailParams>>([
  // RFC 3461 §4.3
  ['RET', (params, value) => (typed(value, /^(?:full|hdrs)$/i) ? { ...params, ret: ret(value) } : null)],
  // RFC 3461 §4.4: at most 100 characters.
  ['ENVID', (params, value) => (typed(value, /^[\x20-\x7e]{1,100}$/) ? { ...params, envid: value } : null)],
])

const RCPT_DSN: ReadonlyMap<string, Read<RcptParams>> = new Map<string, Read<RcptParams>>([
  ['NOTIFY', (params, value) => withNotify(params, value)],
  ['ORCPT', (params, value) => withOrcpt(params, value)],
])

/** What EHLO offered beyond the fixed extensions. Parameters of extensions not offered are unknown. */
export interface ParamOffers {
  readonly dsn: boolean
}

/** Whether delivery reports are offered (RFC 3461 §3): to our users, as nobody else's sender is known to be himself. */
export const offersDsn = ({ listener }: Pick<SessionFacts, 'listener'>): boolean => listener !== 'inbound'

/**
 * Parses the parameters of MAIL (RFC 5321 §4.1.1.11): SIZE, BODY, SMTPUTF8, AUTH, and with DSN also RET and ENVID.
 * An unknown one gives 555, a malformed or repeated one 501; the first error counts.
 */
export function parseMailParams(entries: Iterable<ParamEntry>, offers: ParamOffers): ParamsResult<MailParams> {
  return readAll(entries, NO_MAIL_PARAMS, offers.dsn ? [MAIL, MAIL_DSN] : [MAIL])
}

/** Parses the parameters of RCPT: with DSN, NOTIFY and ORCPT (RFC 3461 §4.1, §4.2); none otherwise. */
export function parseRcptParams(entries: Iterable<ParamEntry>, offers: ParamOffers): ParamsResult<RcptParams> {
  return readAll(entries, NO_RCPT_PARAMS, offers.dsn ? [RCPT_DSN] : [])
}

/** Splits the text after a path into entries, decoding xtext values; null for malformed xtext. */
export function splitParams(text: string): ParamEntry[] | null {
  const entries: ParamEntry[] = []
  for (const word of text.split(' ')) {
    if (word === '') continue
    const at = word.indexOf('=')
    const value = at === -1 ? true : decodeXtext(word.slice(at + 1))
    if (value === null) return null
    entries.push([at === -1 ? word : word.slice(0, at), value])
  }
  return entries
}

/** Decodes xtext (RFC 3461 §4): `+HH` is a byte of ASCII. Null when a `+` is followed by anything else. */
export function decodeXtext(text: string): string | null {
  if (/\+(?![\dA-F]{2})/.test(text)) return null
  return text.replace(/\+([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function readAll<T>(
  entries: Iterable<ParamEntry>,
  start: T,
  tables: readonly ReadonlyMap<string, Read<T>>[],
): ParamsResult<T> {
  let params = start
  const seen = new Set<string>()
  for (const [word, value] of entries) {
    const keyword = word.toUpperCase()
    const read = tables.map((table) => table.get(keyword)).find((found) => found !== undefined)
    if (!KEYWORD.test(keyword) || seen.has(keyword)) return { ok: false, keyword, reply: replies.badParameter }
    if (read === undefined) return { ok: false, keyword, reply: replies.unknownParameter }
    seen.add(keyword)
    const next = read(params, value)
    if (next === null) return { ok: false, keyword, reply: replies.badParameter }
    params = next
  }
  return { ok: true, params }
}

function typed(value: string | true, rule: RegExp): value is string {
  return value !== true && rule.test(value)
}

function body(value: string): MailParams['body'] {
  return value.toLowerCase() === '7bit' ? '7bit' : '8bitmime'
}

function ret(value: string): MailParams['ret'] {
  return value.toLowerCase() === 'full' ? 'full' : 'hdrs'
}

function withNotify(params: RcptParams, value: string | true): RcptParams | null {
  if (value === true) return null
  const words = value.toLowerCase().split(',')
  if (words.length === 1 && words[0] === 'never') return { ...params, notify: [] }
  const notify = words.filter((word) => word === 'success' || word === 'failure' || word === 'delay')
  return notify.length === words.length ? { ...params, notify: [...new Set(notify)] } : null
}

function withOrcpt(params: RcptParams, value: string | true): RcptParams | null {
  if (!typed(value, PRINTABLE)) return null
  const at = value.indexOf(';')
  const type = value.slice(0, Math.max(at, 0))
  return KEYWORD.test(type) && at < value.length - 1
    ? { ...params, orcpt: { type, address: value.slice(at + 1) } }
    : null
}
