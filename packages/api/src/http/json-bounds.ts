import { AppError } from '../errors.ts'

/** Values and names of a JSON body; a draft with all the recipients that it may have takes 20,000. */
const MAX_PARTS = 30_000
const MAX_DEPTH = 32

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Refuses a JSON body of many values or levels before it is parsed: in a few megabytes there is room for millions, and each costs more
 * than its bytes. One that is not JSON may pass.
 * @throws AppError PAYLOAD_TOO_LARGE, INVALID_REQUEST
 */
export const checkJsonBounds = (json: Buffer): void => {
  const endOfText = createTexts(json)
  let [parts, depth] = [0, 0]
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]
    if (byte === QUOTE) at = endOfText(at + 1)
    else if (byte === COMMA || byte === COLON) parts += 1
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      parts += 1
      depth += 1
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1
    if (parts > MAX_PARTS) {
      throw new AppError('PAYLOAD_TOO_LARGE', `The body has more than ${MAX_PARTS} names and values.`)
    }
    if (depth > MAX_DEPTH) {
      throw new AppError('INVALID_REQUEST', `The body is nested more than ${MAX_DEPTH} levels deep.`)
    }
  }
}

/** Below so many bytes, a search costs more than a look at each. */
const SHORT = 64

/** Finds the quote that ends a text, forwards only. Files in base64 are texts of many megabytes, so that long ones are searched. */
const createTexts = (json: Buffer) => {
  let backslash = -1
  /** Looked for once, not for each text: there may be a million of them before it. */
  const nextBackslash = (start: number): number => {
    if (backslash < start) backslash = found(json.indexOf(BACKSLASH, start))
    return backslash
  }
  const found = (at: number): number => (at === -1 ? json.length : at)

  return (start: number): number => {
    let at = start
    for (;;) {
      const near = Math.min(json.length, at + SHORT)
      while (at < near && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1
      if (at < near || at >= json.length) return at
      at = Math.min(found(json.indexOf(QUOTE, at)), nextBackslash(at))
      if (json[at] !== BACKSLASH) return at
    }
  }
}
