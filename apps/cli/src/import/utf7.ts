/** What modified UTF-7 puts between `&` and `-`. */
const SHIFTED = /&([a-z0-9+,]*)-/gi

/**
 * The name of a mailbox as IMAP servers write it on disk (RFC 3501 §5.1.3) in plain text. A name that is not written that way
 * stays as it is.
 */
export function decodeModifiedUtf7(name: string): string {
  if (!/^[\x20-\x7e]*$/.test(name)) return name
  return name.replace(SHIFTED, (whole, encoded: string) => {
    if (encoded === '') return '&'
    const bytes = Buffer.from(encoded.replaceAll(',', '/'), 'base64')
    if (bytes.length < 2 || bytes.length % 2 !== 0) return whole
    const text = bytes.swap16().toString('utf16le')
    return text.isWellFormed() ? text : whole
  })
}
