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
export const checkJsonBounds = (json: Uint8Array): void => {
  let [parts, depth] = [0, 0]
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]
    if (byte === QUOTE) at = endOfText(json, at + 1)
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

/** Where the quote is that ends a text. */
const endOfText = (json: Uint8Array, start: number): number => {
  let at = start
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1
  return at
}
