import type { ProviderId } from '../outbound/providers.ts'
import type { SmtpReply } from '../smtp/reply.ts'
import { BOUNCE_TABLE, type BounceClass, type BounceScope } from './table.ts'
import { BLOCK_LISTS, type BlockList } from './lists.ts'
import { compilePhrases, type Find } from './phrases.ts'
import { BY_CODE, BY_STATUS, BY_TRANSIENT_STATUS } from './rules/codes.ts'
import { GENERIC_RULES } from './rules/generic.ts'
import { PROVIDER_RULES } from './rules/providers.ts'
import { REGION_RULES } from './rules/regions.ts'
import type { BounceRule, ReplyStage } from './rules/rule.ts'

/** A refusal, as it is classified. */
export interface BounceQuestion {
  readonly provider: ProviderId | null
  readonly reply: SmtpReply
  readonly stage: ReplyStage
}

/** What a refusal means. */
export interface BounceClassification {
  readonly class: BounceClass
  readonly scope: BounceScope
  /** What decided: the provider and phrase of a rule, a block list, or the code. Stored and shown. */
  readonly rule: string
  /** The block list that the reply names. */
  readonly list: BlockList | null
  /** Whether only our IPv6 address is refused (O7). */
  readonly ipv6Only: boolean
}

const BY_PROVIDER: readonly BounceRule[] = [...PROVIDER_RULES, ...REGION_RULES]
const ALL_PHRASES = [...BY_PROVIDER, ...GENERIC_RULES, ...BLOCK_LISTS].flatMap(({ text }) => text ?? [])

/** More of a reply says nothing new. */
const MAX_TEXT = 2000

let phrases: ((text: string) => Find) | undefined

/**
 * Classifies a refusal by the ordered rules of the bounce table: those of the provider first, then what texts of every make mean, the
 * enhanced code, and the code. Whatever is left is `unknown`; a 4yz or 5yz still says whether to try again.
 */
export function classifyBounce(question: BounceQuestion): BounceClassification {
  // Compiling takes a moment, and many processes never send.
  phrases ??= compilePhrases(ALL_PHRASES)
  const find = phrases(comparable(question.reply.text))
  const list = BLOCK_LISTS.find(({ text }) => find(text) !== null)
  const row = list === undefined ? null : { name: list.name, delistUrl: list.delistUrl }
  const result = (cls: BounceClass, rule: string, by?: BounceRule): BounceClassification => ({
    class: cls,
    scope: by?.scope ?? BOUNCE_TABLE[cls].scope,
    rule,
    list: cls === 'reputation_ip' || cls === 'reputation_domain' ? row : null,
    ipv6Only: by?.ipv6Only ?? false,
  })

  const own = BY_PROVIDER.find((rule) => holds(rule, question, find))
  if (own !== undefined) return result(own.class, nameOf(own, find), own)
  if (list !== undefined) {
    return result(list.domains === true ? 'reputation_domain' : 'reputation_ip', `list: ${list.name}`)
  }
  const text = GENERIC_RULES.find((rule) => holds(rule, question, find))
  // «Rejected» and the like say less than an enhanced code does.
  const vague = text === undefined || text.class === 'policy'
  const status = byStatus(question.reply)
  if (!vague) return result(text.class, nameOf(text, find), text)
  if (status !== null && status.class !== 'policy') return result(status.class, status.rule)
  if (text !== undefined) return result(text.class, nameOf(text, find), text)
  if (status !== null) return result(status.class, status.rule)
  const code = BY_CODE.get(question.reply.code)
  return code === undefined ? result('unknown', 'none') : result(code, `code ${question.reply.code}`)
}

function byStatus({ code, enhanced }: SmtpReply): { class: BounceClass; rule: string } | null {
  if (enhanced === null) return null
  const status = enhanced.slice(2)
  const cls = (code < 500 ? BY_TRANSIENT_STATUS.get(status) : undefined) ?? BY_STATUS.get(status)
  if (cls !== undefined && cls !== 'unknown') return { class: cls, rule: `status ${enhanced}` }
  // O32: every other 4.7.z is a matter of trust or rate too.
  return code < 500 && status.startsWith('7.') ? { class: 'rate_limited', rule: `status ${enhanced}` } : null
}

function holds(rule: BounceRule, { provider, reply, stage }: BounceQuestion, find: Find): boolean {
  if (rule.providers !== undefined && (provider === null || !rule.providers.includes(provider))) return false
  if (rule.codes !== undefined && !rule.codes.some((code) => `${reply.code}`.startsWith(code))) return false
  if (rule.stages !== undefined && !rule.stages.includes(stage)) return false
  if (rule.status !== undefined && !rule.status.some((status) => hasStatus(reply.enhanced, status))) return false
  return rule.text === undefined || find(rule.text) !== null
}

/** As in `google: unusual rate of`, `text: user unknown`. */
function nameOf({ providers, status, text, stages }: BounceRule, find: Find): string {
  const found = text === undefined ? null : find(text)
  return `${providers?.join(', ') ?? 'text'}: ${found ?? status?.join(', ') ?? stages?.join(', ') ?? ''}`
}

function hasStatus(enhanced: string | null, status: string): boolean {
  const own = enhanced?.slice(2)
  return (
    own?.length === status.length &&
    Array.from(status).every((character, at) => character === '#' || character === own[at])
  )
}

/** The text as rules see it: lower case, one line, with `<>` for every address, whose names mean nothing. */
function comparable(text: string): string {
  return text
    .slice(0, MAX_TEXT)
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .split(' ')
    .map((word) => (word.includes('@') && !word.includes('://') ? withoutAddress(word) : word))
    .join(' ')
    .trim()
}

/** `<user@example.com>:` becomes `<>:`. Mail addresses of block lists stay: they say which. */
function withoutAddress(word: string): string {
  if (word.includes('@rx.t-online')) return word
  return `<>${/[:;,.)\]]*$/.exec(word)?.[0] ?? ''}`
}
