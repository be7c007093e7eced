import { parseDomain } from '../../address/domain.ts'
import { hostKey } from '../mx/dns.ts'
import { splitOnce } from './text.ts'

export type StsMode = 'enforce' | 'testing' | 'none'

/** A domain's policy (RFC 8461 §3.2). */
export interface StsPolicy {
  readonly mode: StsMode
  /** Host names or `*.` patterns, in lower case. */
  readonly mx: readonly string[]
  readonly maxAgeSeconds: number
}

export type StsProblem = 'too_large' | 'not_text' | 'version' | 'mode' | 'mx' | 'max_age'

export type StsParsed =
  { readonly ok: true; readonly policy: StsPolicy } | { readonly ok: false; readonly problem: StsProblem }

/** RFC 8461 §3.3 lets a sender limit the size; this is its example (O23). */
export const MAX_POLICY_BYTES = 65_536
/** RFC 8461 §3.2: about a year. */
const MAX_AGE = 31_557_600

/** Parses a policy file as it was served. Unknown fields are ignored, of repeated ones the first counts, `mx` apart. */
export function parseStsPolicy(body: Uint8Array): StsParsed {
  if (body.length > MAX_POLICY_BYTES) return { ok: false, problem: 'too_large' }
  const text = decode(body)
  if (text === null) return { ok: false, problem: 'not_text' }
  const fields = new Map<string, string>()
  const mx: string[] = []
  for (const line of text.split(/\r?\n/)) {
    const [name, value] = splitOnce(line, ':')
    if (value === undefined) continue
    const key = name.trim()
    if (key === 'mx') mx.push(hostKey(value.trim()))
    else if (!fields.has(key)) fields.set(key, value.trim())
  }
  if (fields.get('version') !== 'STSv1') return { ok: false, problem: 'version' }
  const mode = fields.get('mode')
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') return { ok: false, problem: 'mode' }
  const age = fields.get('max_age') ?? ''
  if (!/^\d{1,10}$/.test(age) || Number(age) > MAX_AGE) return { ok: false, problem: 'max_age' }
  if (!mx.every(isPattern) || (mx.length === 0 && mode !== 'none')) return { ok: false, problem: 'mx' }
  return { ok: true, policy: { mode, mx, maxAgeSeconds: Number(age) } }
}

/** Whether a mail server is one that the policy names; a `*` is exactly one label (RFC 8461 §4.1). */
export function isInPolicy(host: string, { mx }: Pick<StsPolicy, 'mx'>): boolean {
  const name = hostKey(host)
  return mx.some((pattern) => {
    if (!pattern.startsWith('*.')) return name === pattern
    const [label, rest] = splitOnce(name, '.')
    return label !== '' && rest === pattern.slice(2)
  })
}

const isPattern = (pattern: string) => parseDomain(pattern.startsWith('*.') ? pattern.slice(2) : pattern).ok

function decode(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return null
  }
}
