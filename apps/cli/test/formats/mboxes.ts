import { content, type Letter } from './letters.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Tue Nov 10 08:00:00 2026`, in UTC. */
export const asctime = (at: Date, zone = ''): string => {
  const time = at.toISOString().slice(11, 19)
  const day = String(at.getUTCDate()).padStart(2, ' ')
  return `${DAYS[at.getUTCDay()] ?? ''} ${MONTHS[at.getUTCMonth()] ?? ''} ${day} ${time}${zone} ${at.getUTCFullYear()}`
}

type Quote = (text: string) => string
const QUOTES: Readonly<Record<'none' | 'mboxo' | 'mboxrd', Quote>> = {
  none: (text) => text,
  mboxo: (text) => text.replace(/^From /gm, '>From '),
  mboxrd: (text) => text.replace(/^(>*From )/gm, '>$1'),
}

const status = ({ seen, answered, starred, draft, deleted, tags }: Letter): string[] => [
  `Status: ${seen ? 'RO' : 'O'}`,
  `X-Status: ${answered ? 'A' : ''}${starred ? 'F' : ''}${draft ? 'T' : ''}${deleted ? 'D' : ''}`,
  `X-Keywords: ${tags.join(' ').padEnd(20)}`,
]

const length = ({ body }: Letter, quote: Quote): string => `Content-Length: ${Buffer.byteLength(quote(body))}`

const classic =
  (quote: Quote, hasLength: boolean) =>
  (letter: Letter): string => {
    const extra = [...status(letter), ...(hasLength ? [length(letter, quote)] : [])]
    return `From ann@example.org ${asctime(letter.receivedAt)}\n${quote(content(letter, extra))}\n`
  }

const hex = (bits: number): string => bits.toString(16).padStart(4, '0')
const NUMBERED = new Map([
  ['Important', '$label1'],
  ['Later', '$label5'],
])

const thunderbird = (letter: Letter): string => {
  const { seen, answered, starred, deleted, tags } = letter
  const bits = (seen ? 1 : 0) | (answered ? 2 : 0) | (starred ? 4 : 0) | (deleted ? 8 : 0)
  const keys = tags.map((tag) => NUMBERED.get(tag) ?? tag).join(' ')
  const head = [`X-Mozilla-Status: ${hex(bits)}`, 'X-Mozilla-Status2: 00000000', `X-Mozilla-Keys: ${keys.padEnd(80)}`]
  return `From - ${asctime(letter.receivedAt)}\n${QUOTES.mboxo(content(letter, head))}\n`
}

const takeout = (letter: Letter): string => {
  const labels = [
    letter.folder.length === 0 ? 'Inbox' : 'Archived',
    letter.seen ? 'Opened' : 'Unread',
    ...(letter.starred ? ['Starred'] : []),
    'Category Updates',
    ...(letter.folder.length === 0 ? [] : [letter.folder.join('/')]),
    ...letter.tags,
  ].map((label) => (label.includes(',') ? `"${label}"` : label))
  const words = `=?UTF-8?B?${Buffer.from(labels.join(',')).toString('base64')}?=`
  const head = ['X-GM-THRID: 1', `X-Gmail-Labels: ${words}`]
  return `From 1832929883591034824@xxx ${asctime(letter.receivedAt, ' +0000')}\n${QUOTES.mboxrd(content(letter, head))}\n`
}

/** The mbox variants, and which lines each can hold. */
export const MBOXES = {
  mboxo: { write: classic(QUOTES.mboxo, false), separators: true, quoted: false },
  mboxrd: { write: classic(QUOTES.mboxrd, false), separators: true, quoted: true },
  mboxcl: { write: classic(QUOTES.mboxo, true), separators: true, quoted: false },
  mboxcl2: { write: classic(QUOTES.none, true), separators: true, quoted: false },
  thunderbird: { write: thunderbird, separators: true, quoted: false },
  takeout: { write: takeout, separators: true, quoted: true },
} as const
