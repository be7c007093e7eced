/** What Thunderbird calls its five numbered labels. */
const NUMBERED = new Map([
  ['$label1', 'Important'],
  ['$label2', 'Work'],
  ['$label3', 'Personal'],
  ['$label4', 'To Do'],
  ['$label5', 'Later'],
])

/** Keywords by which mail programs remember what they did, not what a person thinks of a message. */
const OWN_MARK = /^(?:\$.*|\\.*|(?:non|not)junk|junk(?:recorded)?|forwarded|redirected|receipt-handled|unknown-\d+)$/i

/** Longest name of a tag. */
const MAX_TAG = 100
/** Most tags that a message brings along. */
const MAX_TAGS = 50

/** A name that tags and folders can have: one line, trimmed, cut at `max` characters. */
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

/** Tags of these names: each once, none empty. */
export function tagsOf(names: readonly string[]): string[] {
  const tidy = names.map((name) => tidyName(name, MAX_TAG)).filter((name) => name !== '')
  return [...new Map(tidy.map((name) => [name.toLowerCase(), name])).values()].slice(0, MAX_TAGS)
}

/** The tags that IMAP keywords stand for. */
export const tagsOfKeywords = (keywords: readonly string[]): string[] =>
  tagsOf(
    keywords.flatMap((keyword) => NUMBERED.get(keyword.toLowerCase()) ?? (OWN_MARK.test(keyword) ? [] : [keyword])),
  )
