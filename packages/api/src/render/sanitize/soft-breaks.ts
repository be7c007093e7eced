/**
 * Letters of scripts without spaces, whose words browsers look up in a dictionary (UAX #14, class SA). For a run without a space that
 * has some, that takes them the square of its length: 79,000 letters 15 seconds.
 */
const DICTIONARY =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tai_Le}\p{Script=New_Tai_Lue}\p{Script=Tai_Tham}\p{Script=Tai_Viet}\p{Script=Ahom}]/u
/** Longest run, in UTF-16 units: many times what people write without a space. */
const LONGEST = 300
/** Runs and what ends them: not every white space lets a line break, such as U+00A0 and U+FEFF. */
const BREAKING = String.raw`\t\n\v\f\r \u1680\u2000-\u2006\u2008-\u200B\u2028\u2029\u205F\u3000`
const RUNS = new RegExp(`[${BREAKING}]+|[^${BREAKING}]+`, 'g')
const ENDS = new RegExp(`^[${BREAKING}]`)
/** Where a text must not be divided: before a mark or the second half of a character, and inside a character reference. */
const MARKS = /^[\p{M}\u200D\uDC00-\uDFFF]{1,20}/u
const OPEN_REFERENCE = /&[#\w]{0,8}$/

/**
 * Makes a divider of texts that are shown one after the other, in the same run: it returns the parts of the next text, between which
 * a line may break (`<wbr>`). Text in other scripts, or with a space now and then, is one part.
 */
export function createSoftBreaks(): (text: string) => string[] {
  let run = 0
  let isLookedUp = false

  return (text) => {
    const parts: string[] = []
    let done = 0
    for (const { 0: word, index } of text.matchAll(RUNS)) {
      if (ENDS.test(word)) {
        run = 0
        isLookedUp = false
        continue
      }
      isLookedUp ||= DICTIONARY.test(word)
      let at = isLookedUp ? Math.max(0, LONGEST - run) : word.length
      run += word.length
      while (at < word.length) {
        const end = index + at + (MARKS.exec(text.slice(index + at, index + at + 40))?.[0].length ?? 0)
        const cut = end - (OPEN_REFERENCE.exec(text.slice(Math.max(done, end - 10), end))?.[0].length ?? 0)
        parts.push(text.slice(done, cut))
        done = cut
        run = index + word.length - cut
        at += LONGEST
      }
    }
    return [...parts, text.slice(done)]
  }
}
