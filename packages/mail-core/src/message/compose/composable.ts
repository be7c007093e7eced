import { parseAddress } from '../../address/index.ts'

/** Types that a part may not claim: the parser would take its content for parts of the message. */
const CONTAINER = /^(?:multipart|message)\//i
const FORWARDED = 'message/rfc822'
const MEDIA_TYPE = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/i

/** Whether an address can be written as it is: the composer removes angle brackets, even from a quoted local part. */
export const isComposable = (address: string): boolean => parseAddress(address).ok && !/[<>]/.test(address)

/** Whether a file may have this type. A forwarded message is the only one that contains parts. */
export function isFileType(contentType: string): boolean {
  return MEDIA_TYPE.test(contentType) && (!CONTAINER.test(contentType) || contentType.toLowerCase() === FORWARDED)
}
