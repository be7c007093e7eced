/** A header field in the relaxed form (RFC 6376 §3.4.2), without a line end. Latin-1 stands for bytes. */
export function relaxedField(line: Buffer): string {
  const text = line.toString('latin1').replaceAll('\r\n', '')
  const colon = text.indexOf(':')
  const name = text.slice(0, colon).replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  return `${trimmed(name)}:${trimmed(text.slice(colon + 1).replaceAll(/[ \t]+/g, ' '))}`
}

/** Without spaces and tabs at its ends. */
const trimmed = (text: string): string => text.replace(/^[ \t]+/, '').replace(/(?<![ \t])[ \t]+$/, '')
