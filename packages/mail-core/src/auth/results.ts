import { claimsOurResults } from '../header/own.ts'
import type { DkimSignature, Verification } from './types.ts'

/** RFC 2045 §5.1 token; anything else is quoted. */
const TOKEN = /^[\w!#$%&'*+.^`{|}~-]+$/
/** RFC 6376 §3.5 identities: a dot-atom or nothing, and a domain (RFC 8601 §2.2). */
const IDENTITY = /^[\w!#$%&'*+/=?^`{|}~.-]*@[\w.-]+$/
/** Longer values are left out: they could not be folded. */
const MAX_VALUE = 300
const MAX_LINE = 78
/** Signatures named; the field must stay readable. */
const MAX_SIGNATURES = 10

/**
 * Our Authentication-Results field (RFC 8601) with its final CRLF. Whatever a stranger wrote is a quoted value or left out, so that
 * it can end neither the value nor the field.
 */
export function formatResults(hostname: string, found: Verification, ip: string): string {
  const [first = '', ...others] = resultLines(hostname, found, ip)
  return `${[`Authentication-Results:${first}`, ...others].join('\r\n')}\r\n`
}

/** The value of the field as folded lines: our name, and a method each. */
export function resultLines(hostname: string, { spf, dkim, dmarc, arc }: Verification, ip: string): string[] {
  const methods = [
    [value(hostname)],
    method('spf', spf.result, [[spf.identity === 'helo' ? 'smtp.helo' : 'smtp.mailfrom', spf.domain]]),
    ...(dkim.signatures.length === 0
      ? [method('dkim', dkim.result, [])]
      : dkim.signatures.slice(0, MAX_SIGNATURES).map(signature)),
    method('dmarc', dmarc.result, [
      ['header.from', dmarc.domain ?? ''],
      ['policy.dmarc', dmarc.result === 'fail' ? (dmarc.policy ?? '') : ''],
    ]),
    // RFC 8617 §6; its results have no word for trouble with DNS.
    method('arc', arc.result === 'temperror' ? 'fail' : arc.result, [['smtp.remote-ip', ip]]),
  ]
  const last = methods.length - 1
  return methods.flatMap((words, index) =>
    fold(index < last ? [...words.slice(0, -1), `${words.at(-1) ?? ''};`] : words),
  )
}

function signature(of: DkimSignature): string[] {
  return method('dkim', of.result, [
    ['header.d', of.domain],
    ['header.i', of.identity],
    ['header.s', of.selector],
    ['header.a', of.algorithm],
    ['header.b', of.start],
  ])
}

function method(name: string, result: string, properties: readonly (readonly [string, string])[]): string[] {
  const known = properties.filter(([, text]) => text !== '' && text.length <= MAX_VALUE)
  return [`${name}=${result}`, ...known.map(([property, text]) => `${property}=${value(text)}`)]
}

/** RFC 8601 §2.2 pvalue. */
function value(text: string): string {
  const line = text.replaceAll(/[^\x20-\x7e]/g, '?')
  if (TOKEN.test(line) || IDENTITY.test(line)) return line
  return `"${line.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

/** One method on lines of 78 characters where possible. */
function fold(words: readonly string[]): string[] {
  const lines: string[] = []
  for (const word of words) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= MAX_LINE) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(`${line === undefined ? ' ' : '  '}${word}`)
  }
  return lines
}

/**
 * Whether a field of a message that came from outside must be removed, since it speaks in our name (RFC 8601 §5). `ids` are our host
 * name and all names under which we once wrote results.
 */
export function isForeignResult(name: string, fieldValue: string, ids: readonly string[]): boolean {
  return name.toLowerCase() === 'authentication-results' && ids.some((id) => claimsOurResults(fieldValue, id))
}
