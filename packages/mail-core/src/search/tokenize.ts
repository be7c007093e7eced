/** Longest token kept, in UTF-16 units; text and query are cut alike, so a longer word still finds itself. */
const MAX_TOKEN = 64

const WORDS = /[\p{L}\p{N}]+/gu
// scx: the prolonged sound mark and the iteration marks are Script=Common but belong to the run they stand in.
const RUNS =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}]+|[^\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}]+/gu
const ASCII = /^[\da-z]+$/
const CJK = /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}]/u

/** Marks on one character, as many as any language needs (UAX #15 §13); the half-width sound marks become marks by NFKC. */
const MANY_MARKS = /([\p{M}\uFF9E\uFF9F]{30})[\p{M}\uFF9E\uFF9F]+/gu

/** How text is written before it is cut into tokens. */
export function normalizeText(text: string): string {
  // Normalising sorts the marks of a character in quadratic time, so a character with thousands would take minutes.
  const bounded = text.replaceAll(MANY_MARKS, '$1')
  // Lower-casing can undo the composition (U+0130), hence the second pass.
  return bounded.normalize('NFKC').toLowerCase().normalize('NFKC')
}

/** True when the (normalised) run is written without spaces between words. */
export function isBigramRun(run: string): boolean {
  return CJK.test(run)
}

/** The runs of one script kind in normalised text, with the position after each. */
export function* runsOf(normalized: string): Generator<{ run: string; end: number }> {
  for (const word of normalized.matchAll(WORDS)) {
    for (const run of word[0].matchAll(RUNS)) yield { run: run[0], end: word.index + run.index + run[0].length }
  }
}

/** A word as token, cut at the limit without leaving half a surrogate pair. */
export function wordToken(word: string): string {
  return word.length <= MAX_TOKEN ? word : word.slice(0, MAX_TOKEN).replace(/[\uD800-\uDBFF]$/, '')
}

/** Overlapping pairs of characters of a run, in order. A run of one character has none. */
export function* bigramsOf(run: string): Generator<string> {
  let previous = ''
  for (const character of run) {
    if (previous !== '') yield previous + character
    previous = character
  }
}

/** The last character (code point) of a run. */
export function lastCharacter(run: string): string {
  return /.$/su.exec(run.slice(-2))?.[0] ?? ''
}

/**
 * Cuts text into search tokens, in order: NFKC, lower case, words of letters and digits; runs of Han, Hiragana,
 * Katakana and Hangul as bigrams followed by the run's last character alone, so that words of one and two
 * characters are found inside a sentence.
 *
 * @param limit most tokens returned.
 */
export function tokenize(text: string, limit = Number.POSITIVE_INFINITY): string[] {
  const tokens: string[] = []
  for (const word of normalizeText(text).match(WORDS) ?? []) {
    // Most words by far: looking for runs in each would take longer than all the rest.
    const runs = ASCII.test(word) ? [word] : (word.match(RUNS) ?? [])
    for (const run of runs) {
      if (tokens.length >= limit) return tokens.slice(0, limit)
      if (!isBigramRun(run)) {
        tokens.push(wordToken(run))
        continue
      }
      for (const pair of bigramsOf(run)) {
        if (tokens.length >= limit) break
        tokens.push(pair)
      }
      tokens.push(lastCharacter(run))
    }
  }
  return tokens.length > limit ? tokens.slice(0, limit) : tokens
}
