import { bigramsOf, isBigramRun, lastCharacter, normalizeText, runsOf, wordToken } from './tokenize.ts'

/**
 * The tokens of a query's word or phrase. With `prefix`, the last is only the beginning of a token of the text. `openEnd` says that it
 * is a word of letters, which one may type without its ending.
 */
export type QueryTokens = { tokens: string[]; prefix: boolean; openEnd: boolean }

/** A shorter word begins too many others. */
const MIN_BEGINNING = 3

/**
 * Cuts a query's text like `tokenize` cuts a message's, but so that it is found inside longer text: where a run of Han,
 * Kana or Hangul ends the text, its last character alone is left out, because in the message the run may go on; a run of
 * one character there becomes a prefix. The result is a contiguous part of the tokens of every text that contains it
 * (between word ends, for scripts with spaces).
 */
export function queryTokens(text: string): QueryTokens {
  const normalized = normalizeText(text)
  const tokens: string[] = []
  let prefix = false
  let openEnd = false
  for (const { run, end } of runsOf(normalized)) {
    openEnd = !isBigramRun(run) && /\p{L}/u.test(run) && run.length >= MIN_BEGINNING
    if (!isBigramRun(run)) {
      tokens.push(wordToken(run))
      continue
    }
    const pairs = [...bigramsOf(run)]
    tokens.push(...pairs)
    if (end < normalized.length) tokens.push(lastCharacter(run))
    else if (pairs.length === 0) {
      tokens.push(run)
      prefix = true
    }
  }
  return { tokens, prefix, openEnd }
}
