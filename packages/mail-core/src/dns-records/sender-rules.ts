import { createPublicKey } from 'node:crypto'
import type { SenderRule } from './types.ts'

/** `warn`: kept, but not as well as it could be. `unknown`: DNS does not tell for now. */
export type RuleVerdict = 'pass' | 'warn' | 'fail' | 'unknown'

export interface RuleCheck {
  readonly rule: SenderRule
  readonly verdict: RuleVerdict
  readonly detail: string
}

/** What is known of a domain that sends. */
export interface SenderFacts {
  readonly domain: string
  /** What SPF says of each of the server's addresses. */
  readonly spf: readonly { readonly address: string; readonly result: string }[]
  /** Each active key, and what DNS says of its record. */
  readonly keys: readonly { readonly record: string; readonly status: string | null; readonly algorithm: string }[]
  /** The DMARC record that counts for the domain, wherever it is. */
  readonly dmarc:
    { readonly kind: 'record'; readonly record: string } | { readonly kind: 'none' } | { readonly kind: 'trouble' }
  /** Each address, and whether its name is the server's. */
  readonly ptr: readonly { readonly address: string; readonly status: string | null }[]
  /** Whether the server has a certificate of its own; without one it made a self-signed one. */
  readonly hasCertificate: boolean
}

/** RFC 8301 §3.2: verifiers need not accept less; and what we make. */
const MIN_BITS = 1024
const GOOD_BITS = 2048
/** Domains that only their providers send for; these refuse whoever else does. */
const PROVIDERS =
  /^(?:gmail\.com|googlemail\.com|outlook\.(?:com|jp)|hotmail\.com|live\.com|msn\.com|yahoo\.(?:com|co\.jp)|ymail\.com|aol\.com|icloud\.com|me\.com|mac\.com)$/

/** Checks a domain against the rules of the big providers. */
export function checkSender(facts: SenderFacts): RuleCheck[] {
  return [spf(facts), dkim(facts), dkimKey(facts), dmarc(facts), alignment(facts), ptr(facts), tls(facts), own(facts)]
}

/** The worst of all verdicts; what is unknown weighs less than what is wrong. */
export function overallVerdict(checks: readonly RuleCheck[]): RuleVerdict {
  const order = ['fail', 'unknown', 'warn'] as const
  return order.find((verdict) => checks.some((check) => check.verdict === verdict)) ?? 'pass'
}

const NO_ADDRESS = 'The server’s host name has no address in DNS.'

function spf({ spf: results }: SenderFacts): RuleCheck {
  const wrong = results.find(({ result }) => result !== 'pass')
  if (results.length === 0) return { rule: 'spf', verdict: 'unknown', detail: NO_ADDRESS }
  if (wrong === undefined) return { rule: 'spf', verdict: 'pass', detail: 'SPF allows every address of the server.' }
  const verdict = wrong.result === 'temperror' ? 'unknown' : 'fail'
  return { rule: 'spf', verdict, detail: `SPF for mail from ${wrong.address} is ${wrong.result}.` }
}

function dkim({ keys }: SenderFacts): RuleCheck {
  const rule = 'dkim'
  // Gmail and Microsoft verify RSA alone.
  if (!keys.some(({ algorithm }) => algorithm === 'rsa-sha256')) {
    return { rule, verdict: 'fail', detail: 'No RSA key signs. Publish the records of the pending keys.' }
  }
  if (keys.some(({ status }) => status === 'missing' || status === 'different')) {
    return { rule, verdict: 'fail', detail: 'The record of a key that signs is not in DNS.' }
  }
  if (keys.some(({ status }) => status !== 'ok')) {
    return { rule, verdict: 'unknown', detail: 'The records of the keys could not be looked up.' }
  }
  return { rule, verdict: 'pass', detail: 'All mail is signed, and the records of the keys are in DNS.' }
}

function dkimKey({ keys }: SenderFacts): RuleCheck {
  const rule = 'dkim_key'
  const sizes = keys.filter(({ algorithm }) => algorithm === 'rsa-sha256').map(({ record }) => rsaBits(record))
  const least = Math.min(...sizes)
  if (sizes.length === 0) return { rule, verdict: 'fail', detail: 'No RSA key signs.' }
  if (least < MIN_BITS) return { rule, verdict: 'fail', detail: `An RSA key has ${least} bits; 1024 are demanded.` }
  const verdict = least < GOOD_BITS ? 'warn' : 'pass'
  return { rule, verdict, detail: `The RSA key has ${least} bits.` }
}

function rsaBits(record: string): number {
  const key = /;\s*p=([a-z\d+/=]+)/i.exec(record)?.[1] ?? ''
  try {
    const der = Buffer.from(key, 'base64')
    return createPublicKey({ key: der, format: 'der', type: 'spki' }).asymmetricKeyDetails?.modulusLength ?? 0
  } catch {
    return 0
  }
}

function dmarc({ dmarc: found }: SenderFacts): RuleCheck {
  const rule = 'dmarc'
  if (found.kind === 'trouble') return { rule, verdict: 'unknown', detail: 'The DMARC record could not be looked up.' }
  if (found.kind === 'none') return { rule, verdict: 'fail', detail: 'There is no DMARC record.' }
  const policy = /;\s*p\s*=\s*(none|quarantine|reject)\s*(?:;|$)/i.exec(found.record)?.[1]?.toLowerCase()
  if (policy === undefined) return { rule, verdict: 'fail', detail: 'The DMARC record has no valid policy.' }
  if (policy === 'none') {
    return { rule, verdict: 'warn', detail: 'The DMARC policy is none: others may still send as this domain.' }
  }
  return { rule, verdict: 'pass', detail: `The DMARC policy is ${policy}.` }
}

function alignment({ keys, domain }: SenderFacts): RuleCheck {
  const rule = 'alignment'
  if (keys.length === 0) return { rule, verdict: 'fail', detail: 'Nothing shows that mail is from this domain.' }
  return { rule, verdict: 'pass', detail: `Signatures are of ${domain}, as the From address is.` }
}

function ptr({ ptr: names }: SenderFacts): RuleCheck {
  const rule = 'ptr'
  if (names.length === 0) return { rule, verdict: 'unknown', detail: NO_ADDRESS }
  const wrong = names.find(({ status }) => status !== 'ok')
  if (wrong === undefined)
    return { rule, verdict: 'pass', detail: 'The addresses have the server’s name, and it has them.' }
  const verdict = wrong.status === 'error' ? 'unknown' : 'fail'
  return { rule, verdict, detail: `The PTR record of ${wrong.address} does not name the server.` }
}

function tls({ hasCertificate }: SenderFacts): RuleCheck {
  const rule = 'tls'
  if (hasCertificate) return { rule, verdict: 'pass', detail: 'The server has a certificate.' }
  return {
    rule,
    verdict: 'warn',
    detail: 'The certificate is self-signed: those who demand a valid one cannot deliver.',
  }
}

function own({ domain }: SenderFacts): RuleCheck {
  const rule = 'own_domain'
  if (PROVIDERS.test(domain)) return { rule, verdict: 'fail', detail: `${domain} belongs to a provider.` }
  return { rule, verdict: 'pass', detail: 'The domain is not one of a public provider.' }
}
