import { isExtraField, isFieldName } from '../../header/index.ts'
import { decodeWords } from '../words.ts'

/** A text of a message as its author wrote it: lines end with LF, the last with nothing. */
export function authorText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/\n$/, '')
}

/** The fields of a message that have no place of their own, decoded. */
export function extraFields(headers: readonly { name: string; value: string }[]): { name: string; value: string }[] {
  return headers
    .filter(({ name }) => isFieldName(name) && isExtraField(name))
    .map(({ name, value }) => ({ name, value: decodeWords(value) }))
}
