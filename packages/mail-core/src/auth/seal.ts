import { relaxedField } from './canonical.ts'
import { resultLines } from './results.ts'
import { type HeaderRow, splitSigned } from './rows.ts'
import { completeSignature, coverHeader, foldNames, type SigningKey } from './signature.ts'
import type { Verification } from './types.ts'

export interface SealOptions {
  readonly key: SigningKey
  readonly now: Date
  /** Our host name. */
  readonly hostname: string
  /** What we found when the message came in, and from where. */
  readonly found: Verification
  readonly ip: string
}

/** RFC 8617 §4.2.1 */
const MAX_SETS = 50
const FIELDS = ['arc-authentication-results', 'arc-message-signature', 'arc-seal'] as const
const INSTANCE = /(?:^|;)\s*i\s*=\s*(\d{1,2})\s*;/

/**
 * Our ARC set for a message that we hand on (RFC 8617 §5.1): three fields with their final CRLF, to be put in front of it. It tells
 * the next server what we found, since forwarding breaks SPF. `header` and `bodyHash` are as for `signHeader`, of the message as it
 * leaves. A message whose chain is broken, or could not be checked, gets none: nobody would believe it.
 */
export function sealHeader(header: Buffer, bodyHash: string, options: SealOptions): string {
  const { arc } = options.found
  const { rows, tooLarge } = splitSigned(header)
  const instance = arc.sealers.length + 1
  if (tooLarge || instance > MAX_SETS || (arc.result !== 'none' && arc.result !== 'pass')) return ''
  const { key, now, hostname, found, ip } = options
  const seconds = Math.floor(now.getTime() / 1000)
  const results = [`ARC-Authentication-Results: i=${instance};`, ...resultLines(hostname, found, ip)].join('\r\n')

  // What we received may have been signed: the next server sees whether we kept it.
  const { names, text } = coverHeader(rows, ['DKIM-Signature'])
  const messageStart = [
    `ARC-Message-Signature: i=${instance}; a=${key.algorithm}; c=relaxed/relaxed;`,
    ` d=${key.domain}; s=${key.selector}; t=${seconds};`,
    ...foldNames(names),
    ` bh=${bodyHash};`,
    ' b=',
  ].join('\r\n')
  const message = completeSignature(messageStart, text, key)

  const sealStart = [
    `ARC-Seal: i=${instance}; a=${key.algorithm}; cv=${arc.result}; t=${seconds};`,
    ` d=${key.domain}; s=${key.selector};`,
    ' b=',
  ].join('\r\n')
  const ours = [results, message].map((field) => Buffer.from(field, 'latin1'))
  const before = [...earlierSets(rows, arc.sealers.length), ...ours]
    .map((field) => `${relaxedField(field)}\r\n`)
    .join('')
  return [completeSignature(sealStart, before, key), message, results].map((field) => `${field}\r\n`).join('')
}

/** The sets that are there, in the order in which a seal covers them (RFC 8617 §5.1.1). */
function earlierSets(rows: readonly HeaderRow[], count: number): Buffer[] {
  const fields = new Map(rows.filter(isArc).map((row) => [`${instanceOf(row)} ${row.key}`, row.line]))
  const order = Array.from({ length: count }, (_, index) => FIELDS.map((key) => fields.get(`${index + 1} ${key}`)))
  return order.flat().filter((line) => line !== undefined)
}

const isArc = ({ key }: HeaderRow): boolean => FIELDS.some((field) => field === key)

function instanceOf({ line }: HeaderRow): number {
  const text = line.toString('latin1')
  return Number(INSTANCE.exec(text.slice(text.indexOf(':') + 1))?.[1])
}
