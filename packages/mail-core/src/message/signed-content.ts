/** DER tags (X.690): universal ones, and the constructed `[0]` that the structures below use. */
const TAG = { oid: 0x06, octets: 0x04, sequence: 0x30, octetsInParts: 0x24, explicit0: 0xa0 }
/** 1.2.840.113549.1.7.2, id-signedData (RFC 5652 §5.1). */
const SIGNED_DATA = Buffer.from('2a864886f70d010702', 'hex')
/** Parts of an octet string inside parts; writers make one level. */
const MAX_DEPTH = 4

/** A value: its tag, where its content is, and where the next value begins. `end` is -1 when it ends with an end-of-contents mark. */
type Value = { tag: number; start: number; end: number }

/**
 * The message inside an opaque signature: the content of the CMS SignedData (RFC 5652) that S/MIME puts in application/pkcs7-mime
 * (RFC 8551 §3.5.2). The signature is not checked. Null when it is something else, such as encrypted content. Linear.
 */
export function signedContent(bytes: Buffer): Buffer | null {
  const contentInfo = valueAt(bytes, 0, TAG.sequence)
  const type = contentInfo && valueAt(bytes, contentInfo.start, TAG.oid)
  if (!type || !bytes.subarray(type.start, type.end).equals(SIGNED_DATA)) return null
  const explicit = valueAt(bytes, type.end, TAG.explicit0)
  const signed = explicit && valueAt(bytes, explicit.start, TAG.sequence)
  // The version and the set of digest algorithms precede the content.
  const version = signed && valueAt(bytes, signed.start)
  const digests = version && valueAt(bytes, version.end)
  const inner = digests && valueAt(bytes, afterValue(bytes, digests), TAG.sequence)
  const innerType = inner && valueAt(bytes, inner.start, TAG.oid)
  const content = innerType && valueAt(bytes, innerType.end, TAG.explicit0)
  const parts: Buffer[] = []
  return content && collect(bytes, content.start, parts, 0) !== -1 ? Buffer.concat(parts) : null
}

/** Reads the value at a position; null when there is none, or its tag is not the wanted one. */
function valueAt(bytes: Buffer, at: number, wanted?: number): Value | null {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || (wanted !== undefined && tag !== wanted)) return null
  if (first === 0x80) return { tag, start: at + 2, end: -1 }
  if (first < 0x80) return within(bytes, { tag, start: at + 2, end: at + 2 + first })
  const size = first & 0x7f
  if (size > 4 || at + 2 + size > bytes.length) return null
  const start = at + 2 + size
  return within(bytes, { tag, start, end: start + bytes.readUIntBE(at + 2, size) })
}

/** Mail is cut off now and then: what is left of a value is worth reading. */
function within(bytes: Buffer, value: Value): Value {
  return { ...value, end: Math.min(value.end, bytes.length) }
}

/** Where the value after a short one begins. Only the set of digests is skipped that way, whose parts all have lengths. */
function afterValue(bytes: Buffer, value: Value): number {
  if (value.end !== -1) return value.end
  let at = value.start
  for (let part = valueAt(bytes, at); part && part.end !== -1 && part.tag !== 0; part = valueAt(bytes, at))
    at = part.end
  return at + 2
}

/** Collects the pieces of the octet string at a position; returns where it ends, -1 when there is none. */
function collect(bytes: Buffer, at: number, parts: Buffer[], depth: number): number {
  const value = valueAt(bytes, at)
  if (value?.tag === TAG.octets && value.end !== -1) {
    parts.push(bytes.subarray(value.start, value.end))
    return value.end
  }
  if (value?.tag !== TAG.octetsInParts || depth > MAX_DEPTH) return -1
  let next = value.start
  while (next < bytes.length && (value.end === -1 || next < value.end)) {
    if (value.end === -1 && bytes[next] === 0) return next + 2
    const end = collect(bytes, next, parts, depth + 1)
    if (end === -1) break
    next = end
  }
  return next
}
