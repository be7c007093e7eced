/** Longest token, in UTF-16 units; text and query are cut alike, so a longer word still matches itself. */
const MAX_TOKEN = 64

// Marks belong to words: Thai and Hindi vowels are marks.
const WORDS = /[\p{L}\p{N}\p{M}]+/gu
// scx: the prolonged sound mark and the iteration marks are Script=Common but belong to the surrounding run.
const RUNS =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]+|[^\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]+/gu
const UNSPACED =
  /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u

/** The scripts without spaces, CJK and Thai to Burmese, are within these ranges. */
const MAYBE_UNSPACED = /[\u0E00-\u0EFF\u1000-\u11FF\u1780-\u19FF\u2E80-\u{10FFFF}]/u

/** More marks on one character than any language needs (UAX #15 §13); NFKC turns the half-width sound marks into marks. */
const MANY_MARKS = /([\p{M}\uFF9E\uFF9F]{30})[\p{M}\uFF9E\uFF9F]+/gu

/** Accents, Hebrew and Arabic points, and variation selectors: people search without them. */
const ACCENTS = new RegExp(
  classOf(
    [0x300, 0x36f],
    [0x591, 0x5bd],
    [0x5bf, 0x5bf],
    [0x5c1, 0x5c7],
    [0x64b, 0x65f],
    [0x670, 0x670],
    [0x1ab0, 0x1aff],
    [0x1dc0, 0x1dff],
    [0x20d0, 0x20ff],
    [0xfe00, 0xfe0f],
    [0xfe20, 0xfe2f],
  ),
  'g',
)
/** Invisible characters inside words: soft hyphens, zero-width spaces. */
const UNSEEN = /[\u00AD\u200B\u2060\uFEFF]/g
/** Letters whose stroke is not a separate mark, ligatures, and the Greek sigma that ends words. */
const PLAIN = new Map(
  'ø o ł l đ d ð d þ th æ ae œ oe ß ss ı i ħ h ŧ t ŋ n ς σ'
    .match(/\S+ \S+/g)
    ?.map((pair) => pair.split(' ') as [string, string]),
)
const STROKED = /[øłđðþæœßıħŧŋς]/g
/** Forms of ideographs that Japanese names are written with, each before the form that people type. */
const VARIANTS = new Map(
  '髙高 﨑崎 𠮷吉 濵浜 濱浜 邉辺 邊辺 齋斎 齊斉 德徳 栁柳 桒桑 澤沢 廣広 國国 眞真 惠恵 渕淵 嶋島 嶌島 冨富 槗橋 瀨瀬 瀧滝 龍竜 櫻桜 榮栄 藏蔵 黑黒 壽寿 實実 寬寛'
    .split(' ')
    .map((pair) => Array.from(pair) as [string, string]),
)
const VARIANT = new RegExp(`[${[...VARIANTS.keys()].join('')}]`, 'gu')
/** Whether any of the above may occur; Chinese, Japanese and Korean text has none. */
const HAS_ACCENTS = new RegExp(classOf([0xad, 0xad], [0xdf, 0x6ff], [0x1ab0, 0x20ff], [0xfe00, 0xfeff]))

/** The source of a character class of these ranges. */
function classOf(...ranges: readonly (readonly [from: number, to: number])[]): string {
  const parts = ranges.map((range) => range.map((code) => String.fromCharCode(code)).join('-'))
  return `[${parts.join('')}]`
}

/** Normalises text before it is split into tokens: NFKC, lower case, without accents, ideographs in their usual form. */
export function normalizeText(text: string): string {
  if (isAscii(text)) return text.toLowerCase()
  const plain = withoutAccents(text)
  return MAYBE_UNSPACED.test(plain) ? plain.replaceAll(VARIANT, (variant) => VARIANTS.get(variant) ?? variant) : plain
}

function withoutAccents(text: string): string {
  // Normalising sorts the marks of a character in quadratic time: one with thousands would take minutes.
  const bounded = text.replaceAll(MANY_MARKS, '$1')
  const lower = bounded.normalize('NFKC').toLowerCase()
  if (!HAS_ACCENTS.test(lower)) return lower.normalize('NFKC')
  const bare = lower.normalize('NFD').replaceAll(ACCENTS, '').replaceAll(UNSEEN, '')
  // Lower-casing can undo the composition (U+0130), so compose again.
  return bare.replaceAll(STROKED, (letter) => PLAIN.get(letter) ?? letter).normalize('NFKC')
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text)
}

/** Whether the (normalised) run is in a script without spaces between words. */
export function isBigramRun(run: string): boolean {
  return UNSPACED.test(run)
}

/** The runs of one kind of script in normalised text, with the position after each. */
export function* runsOf(normalized: string): Generator<{ run: string; end: number }> {
  for (const word of normalized.matchAll(WORDS)) {
    const [whole] = word
    // Most words are in one script, and checking is cheaper than splitting.
    if (!MAYBE_UNSPACED.test(whole)) yield { run: whole, end: word.index + whole.length }
    else for (const run of whole.matchAll(RUNS)) yield { run: run[0], end: word.index + run.index + run[0].length }
  }
}

/** A word as a token, cut at the limit without splitting a surrogate pair. */
export function wordToken(word: string): string {
  return word.length <= MAX_TOKEN ? word : word.slice(0, MAX_TOKEN).replace(/[\uD800-\uDBFF]$/, '')
}

/** The overlapping pairs of characters in a run; a run of one character has none. */
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

/** Tokens in order, joined by spaces. */
export type TokenText = { text: string; count: number }

/**
 * Splits text into search tokens, in order: NFKC, lower case, without accents, words of letters and digits; runs of Han, Hiragana,
 * Katakana, Hangul, Thai, Lao, Khmer and Burmese as bigrams followed by the run's last character, so that words of one or two
 * characters are found inside a sentence.
 *
 * @param limit most tokens returned.
 */
export function tokenize(text: string, limit = Number.POSITIVE_INFINITY): string[] {
  if (!isAscii(text)) return tokensOf(text, limit)
  const joined = asciiTokens(text, limit).text
  return joined === '' ? [] : joined.split(' ')
}

/** The tokens that `tokenize` gives, joined by spaces, at a fraction of the cost for text of ASCII alone, which most text is. */
export function tokenText(text: string, limit = Number.POSITIVE_INFINITY): TokenText {
  if (isAscii(text)) return asciiTokens(text, limit)
  const tokens = tokensOf(text, limit)
  return { text: tokens.join(' '), count: tokens.length }
}

function tokensOf(text: string, limit: number): string[] {
  const tokens: string[] = []
  for (const word of normalizeText(text).match(WORDS) ?? []) {
    // The common case: splitting every word into runs would take longer than everything else.
    const runs = MAYBE_UNSPACED.test(word) ? (word.match(RUNS) ?? []) : [word]
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

const SPACE = 0x20
/** For each character of ASCII what it becomes in a token; 0 where it is in none. */
const IN_TOKEN = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  return /[a-z0-9]/i.test(character) ? character.toLowerCase().charCodeAt(0) : 0
})

function asciiTokens(text: string, limit: number): TokenText {
  // The tokens are written over the text: they are never ahead of it.
  const bytes = Buffer.from(text, 'latin1')
  let end = 0
  let count = 0
  let length = 0
  for (const byte of bytes) {
    const code = IN_TOKEN[byte] ?? 0
    if (code === 0) {
      length = 0
      continue
    }
    if (length === 0) {
      if (count === limit) break
      if (count > 0) {
        bytes[end] = SPACE
        end += 1
      }
      count += 1
    }
    length += 1
    if (length > MAX_TOKEN) continue
    bytes[end] = code
    end += 1
  }
  return { text: bytes.toString('latin1', 0, end), count }
}
