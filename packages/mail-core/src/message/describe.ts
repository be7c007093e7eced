import type { RawHeaders } from '../header/index.ts'
import { decodeHeaders } from './headers.ts'
import { parseStructured, type StructuredValue } from './params.ts'
import { encodingOf } from './transfer.ts'
import type { Encoding } from './types.ts'
import { decodeWords } from './words.ts'

/** What the headers of a part say of it. */
export type PartHeaders = {
  /** Every readable Content-Type in order, for more than one field may stand there. */
  contentTypes: StructuredValue[]
  /** What the part is when none of them holds. */
  fallback: StructuredValue
  disposition: StructuredValue
  encoding: Encoding
  /** Without angle brackets. */
  contentId: string | null
}

const TYPE = /^([\w.+!#$&^-]+\/[\w.+!#$&^-]+)(?:$|[\s,:;])/
const NO_PARAMS: ReadonlyMap<string, string> = new Map()

/**
 * Reads the Content- fields of a part. Of a repeated field the first counts that says something.
 *
 * @param fallback the type of a part that names none.
 * @param hint charset of the message's own text, for raw bytes in the fields.
 */
export function describePart(headers: RawHeaders, fallback: string, hint: string | null): PartHeaders {
  const content = headers.fields.filter((field) => /^content-/i.test(field.name))
  const fields = decodeHeaders({ ...headers, fields: content }, hint)
  const values = (name: string) =>
    fields.filter((field) => field.name.toLowerCase() === name && field.value !== '').map((field) => field.value)
  const written = values('content-type').map(parseStructured)
  const contentTypes = written.flatMap((type) => {
    const value = TYPE.exec(type.value)?.[1]
    return value === undefined ? [] : [{ ...type, value }]
  })
  const disposition = parseStructured(values('content-disposition')[0] ?? '')
  const params = written[0]?.params ?? NO_PARAMS
  // A type that cannot be read, on something that is said to be a file.
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
