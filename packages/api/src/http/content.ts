/** The text of an answer. It is made piece by piece while the client reads: until then only what it is made of is in memory. */
export interface Content {
  /** Its size in UTF-8. */
  readonly bytes: number
  /** Its pieces, each of moderate size. */
  readonly texts: () => Iterable<string>
}

/** Bytes of each ASCII character in a string of JSON. */
const ASCII_BYTES = Uint8Array.from({ length: 0x80 }, (_, code) => JSON.stringify(String.fromCharCode(code)).length - 2)
/** Characters that are made into JSON at once; up to six times as many bytes. */
const SLICE = 16_384
/** Least bytes of the pieces that go to a client, except for the last one. */
const PIECE = 65_536

/** A text as it is. */
export const textContent = (text: string): Content => ({ bytes: Buffer.byteLength(text), texts: () => slicesOf(text) })

/** A value as JSON, as `JSON.stringify` writes it. */
export const jsonContent = (value: unknown): Content => ({ bytes: jsonBytes(value), texts: () => jsonTexts(value) })

/** Several contents, one after the other. */
export const joinedContent = (contents: readonly Content[]): Content => ({
  bytes: contents.reduce((sum, { bytes }) => sum + bytes, 0),
  texts: function* () {
    for (const { texts } of contents) yield* texts()
  },
})

/** The bytes of a content, in pieces that are worth sending. */
export function* encodedPieces({ texts }: Content): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  const encoder = new TextEncoder()
  let waiting = ''
  for (const text of texts()) {
    waiting += text
    if (waiting.length < PIECE) continue
    yield encoder.encode(waiting)
    waiting = ''
  }
  if (waiting !== '') yield encoder.encode(waiting)
}

/** Cuts a text, but no pair of surrogates: each half of it would be another character. */
function* slicesOf(text: string): Generator<string, void, undefined> {
  for (let at = 0; at < text.length;) {
    const end = at + SLICE
    const next = isHighSurrogate(text.charCodeAt(end - 1)) ? end + 1 : end
    yield text.slice(at, next)
    at = next
  }
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xdc00
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code < 0xe000

/** Whether a value is written as it is, without its members. */
const isLeaf = (value: unknown): value is string | number | boolean | null | undefined | { toJSON: unknown } =>
  typeof value !== 'object' || value === null || 'toJSON' in value

const leafText = (value: unknown): string => (value === undefined ? 'null' : JSON.stringify(value))

const membersOf = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([, member]) => member !== undefined)

function* jsonTexts(value: unknown): Generator<string, void, undefined> {
  if (typeof value === 'string') {
    yield '"'
    for (const slice of slicesOf(value)) yield JSON.stringify(slice).slice(1, -1)
    yield '"'
  } else if (isLeaf(value) || jsonBytes(value, SLICE) <= SLICE) {
    yield leafText(value)
  } else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) {
      yield at === 0 ? '[' : ','
      yield* jsonTexts(item)
    }
    yield ']'
  } else {
    for (const [at, [name, member]] of membersOf(value).entries()) {
      yield `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`
      yield* jsonTexts(member)
    }
    yield '}'
  }
}

/**
 * The size of a value as JSON, without making it.
 * @param enough stops counting beyond so many
 */
const jsonBytes = (value: unknown, enough = Number.POSITIVE_INFINITY): number => {
  if (typeof value === 'string') return stringBytes(value, enough)
  if (isLeaf(value)) return Buffer.byteLength(leafText(value))
  // The brackets, and a comma before each member but the first.
  let bytes = 1
  if (Array.isArray(value)) {
    for (const item of value) {
      bytes += 1 + jsonBytes(item, enough)
      if (bytes > enough) return bytes
    }
  } else {
    for (const [name, member] of membersOf(value)) {
      bytes += 2 + stringBytes(name, enough) + jsonBytes(member, enough)
      if (bytes > enough) return bytes
    }
  }
  return Math.max(2, bytes)
}

const stringBytes = (text: string, enough: number): number => {
  let bytes = 2
  for (let at = 0; at < text.length && bytes <= enough; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x80) bytes += ASCII_BYTES[code] ?? 1
    else if (code < 0x800) bytes += 2
    else if (isHighSurrogate(code) && isLowSurrogate(text.charCodeAt(at + 1))) {
      bytes += 4
      at += 1
      // A lone surrogate is escaped.
    } else bytes += code >= 0xd800 && code < 0xe000 ? 6 : 3
  }
  return bytes
}
