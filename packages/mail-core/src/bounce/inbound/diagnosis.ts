import { providerOfHost } from '../../outbound/providers.ts'
import type { SmtpReply } from '../../smtp/reply.ts'
import { oneLine } from '../../smtp/text.ts'
import { type BounceClassification, classifyBounce } from '../classify.ts'
import type { ReplyStage } from '../rules/rule.ts'
import { BOUNDS } from './bounds.ts'
import type { ReturnedRecipient } from './types.ts'

/** What is known of a recipient, before it is classified. */
export interface Finding {
  readonly address: string
  readonly original: string | null
  readonly action: ReturnedRecipient['action']
  readonly status: string | null
  /** The words about it: a Diagnostic-Code, or lines of text. */
  readonly reason: string
  readonly host: string | null
  /** The server that wrote the report. */
  readonly reporter: string | null
  /** What else was said, for when the reason is not enough. */
  readonly context: string
}

const CODE = /(?<![\w.-])([45]\d\d)(?:[ -]{1,2}|: ?|; ?|, ?)#?(?:([245]\.\d{1,3}\.\d{1,3})(?![\d.]))?/
/** In a longer text, which may have other numbers. */
const SURE_CODE =
  /(?<=[:"'(#<>]\s{0,2}|^|said |error )([45]\d\d)(?:[ -]#?([245]\.\d{1,3}\.\d{1,3})(?![\d.])| (?=[A-Z<]))/i
const ENHANCED = /(?<![\w.])#?([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/
const AFTER_DATA = /end of data|reply to data|>>> data\b|after (?:end of )?data|message body|\[data\]/i

/** Classifies a finding: what the other side replied, and what that means. */
export function diagnose(finding: Finding): ReturnedRecipient {
  const { address, original, action, host } = finding
  const reason = oneLine(finding.reason, BOUNDS.reason)
  const context = oneLine(finding.context, BOUNDS.reason)
  const code = CODE.exec(reason) ?? SURE_CODE.exec(context)
  const enhanced = code?.[2] ?? ENHANCED.exec(reason)?.[1] ?? null
  const isGood = action === 'delivered' || action === 'relayed' || action === 'expanded'
  const status = betterStatus(enhanced, finding.status)
  const reply: SmtpReply = {
    code: isGood ? 250 : Number(code?.[1] ?? (status?.startsWith('4') === true || action === 'delayed' ? 450 : 550)),
    enhanced: status,
    text: code === null ? reason : withoutCodes(code.input.slice(code.index), code[1] ?? '', enhanced),
  }
  if (isGood) return { address, original, action, status, reply, host, class: null, scope: null, rule: null }
  const meaning = meaningOf(finding, reply, reason)
  return { address, original, action, status, reply, host, ...pick(meaning) }
}

/** The reply first, then everything that was said about the recipient, then what was said at all. */
function meaningOf(finding: Finding, reply: SmtpReply, reason: string): BounceClassification {
  const { host, reporter, address, context } = finding
  const provider = [host, reporter, `mx.${address.slice(address.lastIndexOf('@') + 1)}`]
    .map((name) => (name === null ? null : providerOfHost(name.toLowerCase())))
    .find((found) => found !== null)
  const stage: ReplyStage = AFTER_DATA.test(`${reason} ${context}`) ? 'end' : 'rcpt'
  const classify = (text: string, enhanced: string | null) =>
    classifyBounce({
      provider: provider ?? null,
      stage,
      reply: { ...reply, enhanced: fitting(enhanced, reply.code), text },
    })
  const first = classify(reply.text, reply.enhanced)
  if (first.class !== 'unknown') return first
  const others = [reason, context].filter((text) => text !== '').map((text) => classify(text, null))
  return others.find((each) => each.class !== 'unknown') ?? first
}

const pick = ({ class: cls, scope, rule }: BounceClassification) => ({ class: cls, scope, rule })

/** A code of the reply's own class; a report may have `5.1.1` with a 450. */
function fitting(enhanced: string | null, code: number): string | null {
  return enhanced === null ? null : `${Math.floor(code / 100)}${enhanced.slice(1)}`
}

/** The remote's own code says more than `5.0.0` of the report. */
function betterStatus(own: string | null, reported: string | null): string | null {
  return own === null || (own.endsWith('.0.0') && reported !== null) ? reported : own
}

/** The text of a reply of several lines, each of which began with the code. */
function withoutCodes(text: string, code: string, enhanced: string | null): string {
  const escaped = enhanced?.replaceAll('.', String.raw`\.`)
  const repeated = new RegExp(`(?<![\\w.-])${code}[-: ;,]{1,2}(?:#?${escaped ?? ''})?[ :;]{0,2}`, 'g')
  return text.replaceAll(repeated, ' ').replaceAll(/ {2,}/g, ' ').trim()
}
