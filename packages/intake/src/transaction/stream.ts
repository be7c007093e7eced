import { rawValue, splitHeaders } from '@mairust/mail-core/header'
import { oneLine } from '@mairust/mail-core/smtp'

const FIELD = 'x-mairust-stream'
const LIMITS = { headerBytes: 262_144, headerFields: 1000 }
const MAX_NAME = 100

/** What kind of mail its author says that it is, in a field of its header: `newsletter`; '' when it says nothing. */
export function streamOf(header: Buffer): string {
  const { fields } = splitHeaders(header, 0, header.length, LIMITS)
  const field = fields.find(({ name }) => name.toLowerCase() === FIELD)
  return field === undefined ? '' : oneLine(rawValue(field).toString('utf8'), MAX_NAME).toWellFormed()
}
