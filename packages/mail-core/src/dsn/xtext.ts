/** Encodes as xtext (RFC 3461 §4): `+HH` for a byte that may not stand in a parameter. */
export function encodeXtext(text: string): string {
  return Array.from(Buffer.from(text), (byte) => {
    const plain = byte > 0x20 && byte < 0x7f && byte !== 0x2b && byte !== 0x3d
    return plain ? String.fromCharCode(byte) : `+${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}

/** An address of type `utf-8` in ASCII (RFC 6533 §3, utf-8-addr-xtext): `\x{HEX}` for everything that is not plain. */
export function encodeUtf8Address(address: string): string {
  return address.replaceAll(/[^\x21-\x7e]|[+=\\]/gu, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase()
    return `\\x{${hex.padStart(2, '0')}}`
  })
}

/** The address behind it. What is no character stays as it is. */
export function decodeUtf8Address(text: string): string {
  return text.replaceAll(/\\x\{([\dA-F]{2,6})\}/gi, (written, hex: string) => {
    const code = Number.parseInt(hex, 16)
    const isCharacter = code > 0x1f && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    return isCharacter ? String.fromCodePoint(code) : written
  })
}
