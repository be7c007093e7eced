import { spf } from 'mailauth/lib/spf/index.js'
import { plain } from './plain.ts'
import type { AuthOptions, SpfResult, SpfVerdict } from './types.ts'
import { watch } from './watched.ts'

/** Checks the reverse-path, or the HELO name for the null one, against the domain's record (RFC 7208). */
export async function checkSpf({ session, hostname, lookups }: AuthOptions): Promise<SpfVerdict> {
  const { lookup, failed } = watch(lookups.spf)
  const { ip, helo, reversePath } = session
  const found = await spf({ sender: reversePath, ip, helo, mta: hostname, strict: true, resolver: lookup })
  const result = isSpfResult(found.status.result) ? found.status.result : 'temperror'
  const domain = plain(found.domain, 255)
  return {
    result,
    identity: reversePath === '' ? 'helo' : 'mailfrom',
    domain,
    record: found.rr === undefined ? null : plain(found.rr),
    explanation: found.explanation === undefined ? null : plain(found.explanation),
    reason: REASONS[result](domain === '' ? 'the sender' : domain, plain(ip, 45)) + detailOf(found.status.comment),
    dnsTrouble: result === 'temperror' || failed.size > 0,
  }
}

const REASONS: Readonly<Record<SpfResult, (domain: string, ip: string) => string>> = {
  pass: (domain, ip) => `${domain} allows ${ip} to send for it`,
  fail: (domain, ip) => `${domain} does not allow ${ip} to send for it`,
  softfail: (domain, ip) => `${domain} probably does not allow ${ip} to send for it`,
  neutral: (domain, ip) => `${domain} says nothing about ${ip}`,
  none: (domain) => `${domain} does not say who may send for it`,
  temperror: (domain) => `The record of ${domain} could not be looked up for now`,
  permerror: (domain) => `The record of ${domain} is wrong`,
}

const isSpfResult = (result: string): result is SpfResult => Object.hasOwn(REASONS, result)

/** What is wrong with the record, which mailauth says at the end of its comment. */
function detailOf(comment = ''): string {
  const detail = /permanent error in processing during lookup of [^:]*: (.*)$/s.exec(comment)?.[1]
  return detail === undefined ? '' : `: ${plain(detail, 200)}`
}
