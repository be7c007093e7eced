import fc from 'fast-check'

/** A message as a mail client stores it; every format writes it in its own way. */
export interface Letter {
  subject: string
  /** With LF line endings, also after the last line. */
  body: string
  receivedAt: Date
  seen: boolean
  starred: boolean
  answered: boolean
  draft: boolean
  deleted: boolean
  tags: string[]
  /** Levels of its folder; none: the inbox. */
  folder: string[]
}

/** Text that mbox readers have misread. */
const LINES = [
  'text',
  '',
  'From here on it is prose',
  'From now on you can access your space:',
  'From 10:00 to 11:00 we meet',
  'From memory, the address was',
  'Agenda: nothing',
  'Subject: not a header',
  '日本語の本文',
  '--',
  '.',
]
/** Lines that writers must quote: complete separators. */
const SEPARATORS = ['From z@example.org Tue Nov 10 08:00:00 2026', 'From - Tue Nov 10 08:00:00 2026']
/** Lines that look quoted already; only mboxrd preserves them. */
const QUOTED = ['>From a friend', '>>From two friends', '>From z@example.org Tue Nov 10 08:00:00 2026']

const FOLDERS = [[], ['Work'], ['Work', '2026'], ['まりもえお'], ['Entwürfe'], ['A&B'], ['台北', 'R&D, Inc']]

/** Arbitrary letters; `separators` and `quoted` say which difficult lines the format can hold. */
export const letters = (holds: { separators: boolean; quoted: boolean }): fc.Arbitrary<Letter[]> =>
  fc.array(
    fc.record({
      subject: fc.integer({ min: 0, max: 1_000_000 }).map((n) => `number ${n}`),
      body: fc
        .array(fc.constantFrom(...LINES, ...(holds.separators ? SEPARATORS : []), ...(holds.quoted ? QUOTED : [])), {
          maxLength: 12,
        })
        .map((lines) => lines.map((line) => `${line}\n`).join('')),
      receivedAt: fc.integer({ min: 1_000_000_000, max: 1_700_000_000 }).map((seconds) => new Date(seconds * 1000)),
      seen: fc.boolean(),
      starred: fc.boolean(),
      answered: fc.boolean(),
      draft: fc.boolean(),
      deleted: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
      tags: fc.uniqueArray(fc.constantFrom('Important', 'Later', 'holiday'), { maxLength: 3 }),
      folder: fc.constantFrom(...FOLDERS),
    }),
    { minLength: 1, maxLength: 12 },
  )

/** The message text, with `extra` header fields. */
export const content = ({ subject, body }: Letter, extra: readonly string[] = []): string =>
  [...extra, 'From: Ann <ann@example.org>', `Subject: ${subject}`, '', ''].join('\n') + body
