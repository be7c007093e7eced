/** The first value of a MAPI property, and where it is. */
export type Property = { id: number; start: number; end: number; isUnicode: boolean; isBytes: boolean }

/** Property types (MS-OXCDATA §2.11.1) of fixed size, in bytes as TNEF pads them. */
const SIZES = new Map([
  [0x02, 4],
  [0x03, 4],
  [0x04, 4],
  [0x0a, 4],
  [0x0b, 4],
  [0x05, 8],
  [0x06, 8],
  [0x07, 8],
  [0x14, 8],
  [0x40, 8],
  [0x48, 16],
])
const [OBJECT, STRING, UNICODE, BYTES] = [0x0d, 0x1e, 0x1f, 0x102]
const VARIABLE = new Set([OBJECT, STRING, UNICODE, BYTES])
const MULTIPLE = 0x1000
/** Properties from this id on are named. */
const NAMED = 0x8000

/**
 * The MAPI properties in a part of a TNEF stream (MS-OXTNEF §2.1.3.4), in order, without those that have no value. Ends at the first
 * that cannot be read.
 */
export function* propertiesIn(bytes: Buffer, from: number, end: number): Generator<Property> {
  let at = from
  /** The number at the present position; infinite beyond the end, so that what depends on it is beyond it too. */
  const number = (): number => {
    at += 4
    return at <= end ? bytes.readUInt32LE(at - 4) : Infinity
  }
  const padded = (length: number) => Math.ceil(length / 4) * 4
  let left = number()
  while (left > 0 && at + 4 <= end) {
    left -= 1
    const tag = number()
    const [type, id] = [tag & 0xffff, tag >>> 16]
    if (id >= NAMED) {
      at += 16
      const isNumbered = number() === 0
      const length = isNumbered ? 4 : padded(number())
      at += length
    }
    const kind = type & ~MULTIPLE
    const size = SIZES.get(kind)
    const isVariable = VARIABLE.has(kind)
    if (size === undefined && !isVariable) return
    const count = isVariable || (type & MULTIPLE) !== 0 ? number() : 1
    for (let value = 0; value < count; value += 1) {
      const length = size ?? number()
      const start = at
      at += padded(length)
      if (start + length > end) return
      if (value === 0) yield { id, start, end: start + length, isUnicode: kind === UNICODE, isBytes: kind === BYTES }
    }
  }
}
