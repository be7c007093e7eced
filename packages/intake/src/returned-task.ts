import { parseReversePath } from '@mairust/mail-core/address'
import { readReturned, type ReturnedMail } from '@mairust/mail-core/bounce/inbound'

/** Mail that came back, and its reverse-path; empty for `<>`. */
export interface ReturnedTask {
  readonly raw: Uint8Array
  readonly sender: string
}

/** Reads mail that came back. */
export function returnedTask({ raw, sender }: ReturnedTask): ReturnedMail {
  const path = parseReversePath(`<${sender}>`)
  return readReturned(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), {
    reversePath: path.ok ? path.value : null,
  })
}
