import { bigramsOf, isBigramRun, lastCharacter, normalizeText, runsOf, wordToken } from './tokenize.ts'

/**
 * The tokens of a query's word or phrase. With `prefix`, the last is only the beginning of a token in the text. `openEnd`: it is a
 * word of letters, which may be typed without its ending.
 */
export type QueryTokens = { tokens: string[]; prefix: boolean; openEnd: boolean }

/** Shorter prefixes match too many words. */
const MIN_BEGINNING = 3

/**
 * Tokenizes a query like `tokenize` does a message, but so that it is found inside longer text: where a run of Han, Kana or Hangul
 * ends the text, its single last character is left out, because in the message the run may continue; a run of one character there
 * becomes a prefix. The result is a contiguous part of the tokens of every text that contains it (between word ends, for scripts
 * with spaces).
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
