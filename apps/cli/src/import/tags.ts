/** Thunderbird's names for its five numbered labels. */
const NUMBERED = new Map([
  ['$label1', 'Important'],
  ['$label2', 'Work'],
  ['$label3', 'Personal'],
  ['$label4', 'To Do'],
  ['$label5', 'Later'],
])

/** Keywords that mail clients set for themselves, not labels of the user. */
const OWN_MARK = /^(?:\$.*|\\.*|(?:non|not)junk|junk(?:recorded)?|forwarded|redirected|receipt-handled|unknown-\d+)$/i

/** Longest tag name. */
const MAX_TAG = 100
/** Most tags per message. */
const MAX_TAGS = 50

/** Makes a valid tag or folder name: one line, trimmed, cut to `max` characters. */
export const tidyName = (text: string, max: number): string =>
  Array.from(
    text
      .toWellFormed()
      .replace(/\p{Cc}+/gu, ' ')
      .trim(),
  )
    .slice(0, max)
    .join('')
    .slice(0, max)
    .toWellFormed()
    .trim()

/** Tidies tag names: each once, none empty. */
export function tagsOf(names: readonly string[]): string[] {
  const tidy = names.map((name) => tidyName(name, MAX_TAG)).filter((name) => name !== '')
  return [...new Map(tidy.map((name) => [name.toLowerCase(), name])).values()].slice(0, MAX_TAGS)
}

/** The tags for IMAP keywords. */
export const tagsOfKeywords = (keywords: readonly string[]): string[] =>
  tagsOf(
    keywords.flatMap((keyword) => NUMBERED.get(keyword.toLowerCase()) ?? (OWN_MARK.test(keyword) ? [] : [keyword])),
  )
