/** An encoded run of modified UTF-7. */
const SHIFTED = /&([a-z0-9+,]*)-/gi

/**
 * Decodes a mailbox name in modified UTF-7, as IMAP servers write it on disk (RFC 3501 §5.1.3). Other names stay unchanged.
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
