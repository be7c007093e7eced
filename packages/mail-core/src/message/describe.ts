import type { RawHeaders } from '../header/index.ts'
import { decodeHeaders } from './headers.ts'
import { parseStructured, type StructuredValue } from './params.ts'
import { encodingOf } from './transfer.ts'
import type { Encoding } from './types.ts'
import { decodeWords } from './words.ts'

/** What the header of a part says about it. */
export type PartHeaders = {
  /** Every readable Content-Type in order, as the field may be repeated. */
  contentTypes: StructuredValue[]
  /** The part's type when none of them applies. */
  fallback: StructuredValue
  disposition: StructuredValue
  encoding: Encoding
  /** Without angle brackets. */
  contentId: string | null
}

const TYPE = /^([\w.+!#$&^-]+\/[\w.+!#$&^-]+)(?:$|[\s,:;])/
const NO_PARAMS: ReadonlyMap<string, string> = new Map()

/**
 * Reads the Content- fields of a part. The first usable one of a repeated field counts.
 *
 * @param fallback the type of a part that declares none.
 * @param hint charset of the message's own text, for raw bytes in the fields.
 */
export function describePart(headers: RawHeaders, fallback: string, hint: string | null): PartHeaders {
  const content = headers.fields.filter((field) => /^content-/i.test(field.name))
  const fields = decodeHeaders({ ...headers, fields: content }, hint)
  const values = (name: string) =>
    fields.filter((field) => field.name.toLowerCase() === name && field.value !== '').map((field) => field.value)
  const written = values('content-type').map(parseStructured)
  const contentTypes = written.flatMap((type) => {
    const value = /^html(?:$|[\s,:;])/.test(type.value) ? 'text/html' : TYPE.exec(type.value)?.[1]
    return value === undefined ? [] : [{ ...type, value }]
  })
  const disposition = parseStructured(values('content-disposition')[0] ?? '')
  const params = written[0]?.params ?? NO_PARAMS
  // An unreadable type on a part that is marked as a file.
  const isFile = written.length > 0 && (disposition.value === 'attachment' || params.has('name'))
  const contentId = decodeWords(values('content-id')[0] ?? '').replaceAll(/[<>\s]/g, '')
  const encodings = values('content-transfer-encoding').map((value) => encodingOf(parseStructured(value).value))
  return {
    contentTypes,
    fallback: { value: isFile ? 'application/octet-stream' : fallback, params },
    disposition,
    encoding: encodings.find((encoding) => encoding !== null) ?? 'none',
    contentId: contentId === '' ? null : contentId,
  }
}
