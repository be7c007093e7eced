import type { SmtpReply } from '../smtp/reply.ts'

/** More of a reply is cut off; RFC 5321 §4.5.3.1.5 allows 512 octets a line, and many servers send more (O13). */
const MAX_TEXT = 4000
const LINE = /^(\d{3})(?:[ -](.*))?$/s
/** At the start; after one word of a filter's own, as in `cuda_nsu 5.1.1`; or as qmail writes it, `(#5.1.1)`. */
const ENHANCED = /^(?:[a-z_]{1,20} |#)?([245]\.\d{1,3}\.\d{1,3})(?=[ :;,]|$)[ :;,]*/i
const QMAIL = /\(#([245]\.\d{1,3}\.\d{1,3})\)/

/**
 * A remote's reply from its lines, without CRLF: several lines become one text, the enhanced code is taken out of each, 8-bit text is
 * kept. The last line's code counts, as it ends the reply. Null when it is no reply (RFC 5321 §4.2).
 */
export function remoteReply(lines: readonly Uint8Array[]): SmtpReply | null {
  const parsed = lines.map((line) => LINE.exec(decode(line)))
  const code = Number(parsed.at(-1)?.[1] ?? 0)
  if (code < 200 || code > 599) return null
  const texts = parsed.map((match, index) =>
    match === null ? decode(lines[index] ?? new Uint8Array()) : (match[2] ?? ''),
  )
  const codes = texts.map((text) => ENHANCED.exec(text))
  const whole = texts.map((text, index) => text.slice(ownCode(codes[index], code)?.length ?? 0).trim())
  const text = whole.filter((each) => each !== '').join(' ')
  const enhanced = codes.find((match) => ownCode(match, code) !== null)?.[1] ?? QMAIL.exec(text)?.[1] ?? null
  return {
    code,
    enhanced: enhanced?.startsWith(`${code}`.slice(0, 1)) === true ? enhanced : null,
    text: text.slice(0, MAX_TEXT).toWellFormed(),
  }
}

/** The text to take out, if it is an enhanced code of the reply's class (RFC 3463 §2). */
function ownCode(match: RegExpExecArray | null | undefined, code: number): string | null {
  return match?.[1]?.startsWith(`${code}`.slice(0, 1)) === true ? match[0] : null
}

/** UTF-8 if it is (RFC 6531 §3.7.4.2), else byte by byte. */
function decode(line: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(line)
  } catch {
    return Buffer.from(line).toString('latin1')
  }
}
