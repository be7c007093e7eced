import { RE2JS } from 're2js'

const MIN_SECONDS = 10
const MAX_SECONDS = 6 * 3600
/** More of a reply says nothing new. */
const MAX_TEXT = 2000

const NUMBER = '(?:[0-9]{1,6}|an?|one|two|five|ten|fifteen|thirty)'
const UNIT = '(?:seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|sekunden|minuten|stunden?)'
const VERB =
  '(?:try|retry|again|back|re-?send|resubmit|wait(?:ing)?|gr[ea]y-?list(?:ed|ing)?|deferred|delay(?:ed)?|reconnect|throttled|limited)'
// Between verb and number nothing else is counted, and no sentence ends: «try later. 10 messages in 60 minutes» is no hint.
const SPAN = RE2JS.compile(`\\b${VERB}\\b[^0-9.]{0,40}?\\b((?:${NUMBER} ?${UNIT}\\b(?:,? ?(?:and )?)?){1,3})`)
const CLOCK = RE2JS.compile(`\\b${VERB}\\b[^0-9.]{0,40}?\\b([0-9]{1,2}):([0-9]{2}):([0-9]{2})\\b`)
const JAPANESE = RE2JS.compile(
  '([0-9]{1,6}) ?(秒|分|時間) ?(?:程度|ほど|以上|くらい)?(?:後|経|間|お待ち|待|空け|あけ|して|以降)',
)
const PART = RE2JS.compile(`(${NUMBER}) ?(${UNIT})\\b`)

const WORDS: ReadonlyMap<string, number> = new Map([
  ['a', 1],
  ['an', 1],
  ['one', 1],
  ['two', 2],
  ['five', 5],
  ['ten', 10],
  ['fifteen', 15],
  ['thirty', 30],
])

/**
 * The seconds after which a reply asks to come back, in English or Japanese («try again in 5 minutes», «5分後に»), from 10 s to 6 h (O35);
 * null when it names no time. Linear in the text, which remotes choose.
 */
export function retryHint(text: string): number | null {
  const line = text.slice(0, MAX_TEXT).normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ')
  const seconds = fromClock(line) ?? fromSpan(line) ?? fromJapanese(line)
  return seconds === null ? null : Math.min(Math.max(seconds, MIN_SECONDS), MAX_SECONDS)
}

function fromClock(line: string): number | null {
  const found = CLOCK.matcher(line)
  if (!found.find()) return null
  const [hours, minutes, seconds] = [1, 2, 3].map((group) => Number(found.group(group)))
  return (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)
}

function fromSpan(line: string): number | null {
  const found = SPAN.matcher(line)
  if (!found.find()) return null
  let seconds = 0
  const part = PART.matcher(found.group(1) ?? '')
  while (part.find()) {
    const number = part.group(1) ?? ''
    seconds += (WORDS.get(number) ?? Number(number)) * secondsOf(part.group(2) ?? '')
  }
  return seconds
}

function fromJapanese(line: string): number | null {
  const found = JAPANESE.matcher(line)
  return found.find() ? Number(found.group(1)) * secondsOf(found.group(2) ?? '') : null
}

function secondsOf(unit: string): number {
  if (/^(?:h|st|時)/.test(unit)) return 3600
  return /^(?:m|分)/.test(unit) ? 60 : 1
}
