import { isUtf8 } from 'node:buffer'
import { formatAddress, normaliseAddress } from '../address/index.ts'
import { type RawField, rawValue, readAddresses, splitHeaders, unfold } from '../header/index.ts'
import { parseAddressList } from '../message/addresses.ts'
import { TRACE_STAND_IN } from '../message/compose/trace.ts'
import { withinEffort } from '../message/effort.ts'
import { DEFAULT_PARSE_LIMITS } from '../message/parse.ts'
import { readingsOf } from '../message/readings.ts'
import { MAX_STORED_ADDRESS } from '../message/stored-text.ts'
import type { SignedMessage } from './rows.ts'
import type { HeaderForm } from './types.ts'

/** RFC 5322 §3.6: fields that occur once at most, whose repetition programs read differently. */
const SINGLE = ['Sender', 'Reply-To', 'To', 'Cc', 'Subject', 'Date', 'Message-ID']
/** More authors than this are not looked at. */
const MAX_AUTHORS = 100
/** Bytes of a From field that are read in every charset: a hundred authors with long names have fewer. */
const MAX_FROM = 32 * 1024
/** Our fields precede the message when readers see it. */
/** What readers take in of a header, less the room for our fields. */
const LIMITS = {
  headerBytes: DEFAULT_PARSE_LIMITS.headerBytes - 32 * 1024,
  headerFields: DEFAULT_PARSE_LIMITS.headerFields - 10,
}

/** Whom the message says that it is from. */
export interface Authorship {
  /** The addresses in the From field, as our readers see them, '' for one without a domain; null when there are too many. */
  readonly authors: readonly string[] | null
  /** Whether the header says the same to every program. */
  readonly form: HeaderForm
}

/** Finds the authors that readers of the message see, and whether any program may see others. */
export function authorshipOf(message: Buffer, signed: SignedMessage): Authorship {
  const { fields, overLimit } = readerFields(message)
  const from = fields.filter(({ name }) => name.toLowerCase() === 'from')
  const tooMany = { authors: null, isClear: false }
  const isTooLong = (from[0]?.raw.length ?? 0) > MAX_FROM
  const { authors, isClear } = isTooLong ? tooMany : withinEffort(() => readAuthors(from[0]))
  return {
    authors: authors !== null && authors.length > MAX_AUTHORS ? null : authors,
    form: formOf(signed, { from, isClear, overLimit }),
  }
}

/** The fields as our readers split them, who skip what is no field. */
function readerFields(message: Buffer) {
  // A byte more than the limit tells that there is more.
  const block = Buffer.concat([TRACE_STAND_IN, message.subarray(0, LIMITS.headerBytes + 1)])
  return splitHeaders(block, 0, block.length, LIMITS)
}

interface Read {
  readonly from: readonly RawField[]
  readonly isClear: boolean
  readonly overLimit: string | null
}

function formOf({ counts, rows }: SignedMessage, { from, isClear, overLimit }: Read): HeaderForm {
  const authors = counts.get('from') ?? 0
  if (authors > 1) return { kind: 'several_authors', reason: `The message has ${authors} From fields` }
  if (authors === 0) return doubtful('The message has no From field')
  const repeated = SINGLE.find((name) => (counts.get(name.toLowerCase()) ?? 0) > 1)
  if (repeated !== undefined) return doubtful(`The field ${repeated} is repeated`)
  if (overLimit !== null) return doubtful('The header is larger than programs read')
  // A line that is no field ends the field above it for some programs, and for others belongs to it.
  const signed = rows.find(({ key }) => key === 'from')
  const [seen] = from
  if (textOf(signed?.line) !== textOf(seen?.raw)) return doubtful('Programs find different From fields')
  return isClear ? { kind: 'good' } : doubtful('Programs find different authors in the From field')
}

/** Whatever its line ends are. */
const textOf = (field: Buffer | undefined): string | undefined => field?.toString('latin1').replaceAll('\r\n', '\n')

const doubtful = (reason: string): HeaderForm => ({ kind: 'doubtful', reason })

/** The addresses of a From field, and whether they are the same in every charset, to strict programs and to simple ones. */
function readAuthors(field: RawField | undefined): { authors: string[]; isClear: boolean } {
  if (field === undefined) return { authors: [], isClear: false }
  const bytes = rawValue(field)
  const [text = '', ...others] = readingsOf(bytes).map(unfold)
  const authors = shownAuthors(text)
  const keys = authors.map(keyOf)
  const isSame = (found: readonly string[] | null): boolean =>
    found?.length === keys.length && found.every((author, at) => keyOf(author) === keys[at])
  const isTold = (author: string): boolean =>
    author.length <= MAX_STORED_ADDRESS && (isUtf8(bytes) || !/[^\0-\x7f]/.test(author))
  // Programs that know no shifts between character sets may find an address in what is Japanese to others.
  const unshifted = shownAuthors(unfold(bytes.toString('latin1'))).map(normaliseAddress)
  const isClear = [
    others.every((other) => isSame(shownAuthors(other))),
    isSame(plainAuthors(text)),
    unshifted.every((key) => key === null || keys.includes(key)),
    authors.every(isTold),
  ].every(Boolean)
  return { authors, isClear }
}

const shownAuthors = (text: string): string[] =>
  parseAddressList(text).map(({ address }) => (address.includes('@') ? address : ''))

const keyOf = (author: string): string => normaliseAddress(author) ?? author

/**
 * The addresses that the grammar alone finds (RFC 5322 §3.4). Of a field that does not keep to it, what nobody can miss: the text in
 * its only brackets, or the only address that there is; null if that leaves room for another one.
 */
function plainAuthors(text: string): string[] | null {
  const strict = readAddresses(text)
  if (strict !== null) return strict.map(formatAddress)
  const [before = '', inside, after = '', ...more] = text.split(/[<>]/)
  if (inside === undefined) return text.split('@').length <= 2 ? shownAuthors(text) : null
  const outside = `${before} ${after}`.replaceAll(/"[^"\\]*"|\([^()\\]*\)/g, ' ')
  const isMisleading = outside.includes('@') && /["(),:;\\]/.test(outside)
  return more.length === 0 && text.indexOf('<') < text.indexOf('>') && !isMisleading
    ? shownAuthors(`<${inside}>`)
    : null
}
