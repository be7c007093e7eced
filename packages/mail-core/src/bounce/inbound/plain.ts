import { oneLine } from '../../smtp/text.ts'
import { compilePhrases, type Find } from '../phrases.ts'
import { addressesIn, isKeeper } from './addresses.ts'
import { BOUNDS, linesOf } from './bounds.ts'
import { COPY_BEGINS, FORMATS, STILL_TRIED } from './formats/index.ts'
import type { ReturnedParts } from './parts.ts'

/** What a bounce in plain words says. */
export interface PlainBounce {
  readonly format: string
  readonly isDelayed: boolean
  readonly reasons: ReadonlyMap<string, string>
  /** What was said before the first of several recipients, or about the only one. */
  readonly context: string
  /** The lines from where the message's copy begins. */
  readonly copy: readonly string[]
}

const PHRASES = FORMATS.flatMap(({ from = [], subject = [], text = [], delayed = [] }) =>
  [from, subject, text, delayed].flat(),
)
/** `Recipient: <`, `To: `, `>>> RCPT To:<`; nothing that ends a sentence about someone else. */
const LABEL = /^[\s*•>\-[]{0,20}[\p{L} .()'-]{1,60}[:：=]\s{0,9}["'<[(]{0,3}$/u
const BARE = /^[\s*•>\-['"<(]{0,20}$/
/** `Your message to `, `wasn't delivered to `. */
const SENTENCE =
  /(?:\b(?:to|for|recipient|address|user|account|mailbox|an)|宛先|アドレス|受信者|收件人|地址)[\s:：]{0,3}["'<[(（“「]{0,3}$/iu
/** Whose address is named for another reason. */
const OTHERS =
  /\b(?:from|sender|contact|reply|help|absender|postmaster|resent|by|cc|write|question|support)\b|差出人|送信者|发件人/iu

let phrases: ((text: string) => Find) | undefined

/** Reads a bounce in plain words by the first row of the table that it is like; null when it is like none. */
export function readPlain(parts: ReturnedParts): PlainBounce | null {
  phrases ??= compilePhrases([...PHRASES, ...STILL_TRIED])
  const lines = linesOf(parts.text)
  const lower = lines.map((line) => line.toLowerCase())
  const subject = parts.field('subject').slice(0, BOUNDS.line).toLowerCase()
  const from = phrases(parts.field('from').slice(0, BOUNDS.line).toLowerCase())
  const about = phrases(subject)
  const copyAt = startOfCopy(lower, COPY_BEGINS)
  // In one line, because programs break their sentences where they like.
  const said = phrases(
    `${subject} ${lower
      .slice(0, copyAt)
      .join(' ')
      .replaceAll(/\s{2,}/g, ' ')}`,
  )
  const format = FORMATS.find((row) => holds(row.from, from) && holds(row.subject, about) && holds(row.text, said))
  if (format === undefined) return null
  const end = Math.min(copyAt, startOfCopy(lower, format.end ?? []))
  const begin = lower.findIndex((line, at) => at < end && format.begin?.some((words) => line.includes(words)) === true)
  const { reasons, context } = recipientsIn(lines.slice(Math.max(begin, 0), end))
  return {
    format: format.name,
    isDelayed: said(STILL_TRIED) !== null || (format.delayed !== undefined && said(format.delayed) !== null),
    reasons: reasons.size > 0 || begin <= 0 ? reasons : recipientsIn(lines.slice(0, end)).reasons,
    context,
    copy: lines.slice(end),
  }
}

const holds = (wanted: readonly string[] | undefined, find: Find): boolean =>
  wanted === undefined || find(wanted) !== null

function startOfCopy(lower: readonly string[], words: readonly string[]): number {
  const at = lower.findIndex((line, index) => index > 0 && words.some((start) => line.trimStart().startsWith(start)))
  return at === -1 ? lower.length : at
}

/** Each recipient with the lines about it: those that follow, up to the next one, or to an empty line after some of them. */
function recipientsIn(lines: readonly string[]): { reasons: Map<string, string>; context: string } {
  const reasons = new Map<string, string>()
  const before: string[] = []
  let current: string | null = null
  let isDone = false
  let said = false
  const add = (text: string) => {
    if (current === null) return
    const known = reasons.get(current) ?? ''
    if (known.length < BOUNDS.reason) reasons.set(current, oneLine(`${known} ${text}`, BOUNDS.reason))
  }
  for (const line of lines) {
    const found = leading(line)
    if (found !== null && reasons.size < BOUNDS.recipients) {
      current = found.address
      if (!reasons.has(current)) reasons.set(current, '')
      isDone = false
      said = found.isTelling
      add(found.rest)
    } else if (current === null) before.push(line)
    else if (line.trim() === '') isDone = said
    else if (!isDone) {
      said = true
      add(line)
    }
  }
  // What stands elsewhere is about the only recipient too.
  const about = reasons.size > 1 ? before : lines
  return { reasons, context: oneLine(about.join(' '), BOUNDS.reason) }
}

/** The recipient that a line is about, and what else it says. */
function leading(line: string): { address: string; rest: string; isTelling: boolean } | null {
  const [found] = addressesIn(line)
  if (found === undefined || isKeeper(found.address)) return null
  const before = line.slice(0, found.start)
  const isLabel = LABEL.test(before) || SENTENCE.test(before)
  if (!BARE.test(before) && (!isLabel || OTHERS.test(before))) return null
  const after = line.slice(found.end).replace(/^[>)\]"'”」]{0,3}[:;,]?/, '')
  const rest = `${before.replace(/[<"'([]{1,3}$/, '')}${after}`.trim()
  return { address: found.address, rest, isTelling: after.trim().length > 1 }
}
