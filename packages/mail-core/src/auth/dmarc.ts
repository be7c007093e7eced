import { evaluateDmarc } from 'mailauth/lib/dmarc/index.js'
import { plain } from './plain.ts'
import type { DkimSignature, DmarcPolicy, DmarcResult, DmarcVerdict, HeaderForm, Lookup, SpfVerdict } from './types.ts'

export interface DmarcFacts {
  /** Addresses of the From field; null when there are too many. */
  readonly authors: readonly string[] | null
  readonly form: HeaderForm
  readonly spf: SpfVerdict
  readonly signatures: readonly Omit<DkimSignature, 'aligned'>[]
}

export interface DmarcOutcome {
  readonly verdict: DmarcVerdict
  /** Whether a signing domain belongs to the author's. */
  readonly isAligned: (domain: string) => boolean
}

/** Whether the author's domain stands behind the message, and what it asks for if not (RFC 9989). */
export async function checkDmarc(facts: DmarcFacts, resolver: Lookup): Promise<DmarcOutcome> {
  if (facts.form.kind === 'several_authors') return impossible(facts.form.reason)
  if (facts.authors === null) return impossible('The message has too many authors')
  const passed = await evaluate(facts.authors, domainsOf(facts, 'pass'), resolver)
  const { response } = passed
  if (response === false) {
    const reason = UNUSABLE.get(passed.reason ?? '') ?? 'The author cannot be told'
    return impossible(facts.form.kind === 'good' ? reason : facts.form.reason)
  }

  const found = response.status.result
  // Which of two policies applies depends on whether the author's domain exists (`np`): DNS did not tell.
  const isOpen = found === 'temperror' && /;\s*np\s*=/.test(response.rr ?? '')
  const policy = isOpen ? null : policyOf(response.policy)
  const isAligned = (domain: string) => passed.dkimAligned?.has(domain.replace(/\.$/, '')) ?? false
  const verdict = (result: DmarcResult, reason: string): DmarcOutcome => ({
    isAligned,
    verdict: {
      result,
      domain: plain(response.status.header.from, 255),
      policyDomain: response.policyDomain ?? null,
      record: response.rr === undefined ? null : plain(response.rr),
      policy,
      testing: response.testMode ?? false,
      alignedSpf: response.alignment?.spf.result ?? null,
      alignedDkim: response.alignment?.dkim.result ?? null,
      reason,
    },
  })

  if (found === 'pass' && facts.form.kind === 'doubtful') return verdict('permerror', facts.form.reason)
  if (found === 'pass') return verdict('pass', passReason(response.alignment))
  if (found === 'none') return verdict('none', 'The author’s domain publishes no policy')
  if (found === 'temperror') return verdict('temperror', 'The author’s domain could not be looked up for now')
  // What DNS did not tell might have made it pass.
  const hoped = await evaluate(facts.authors, domainsOf(facts, 'unknown'), resolver)
  if (hoped.response === false || hoped.response.status.result !== 'fail') {
    return verdict('temperror', 'Whether the author’s domain stands behind the message could not be looked up for now')
  }
  return verdict('fail', 'Neither SPF nor a signature shows that the author’s domain stands behind the message')
}

interface Identities {
  readonly spf: readonly string[]
  readonly dkim: readonly string[]
}

/** Domains that are proved, or those of which DNS did not tell. */
function domainsOf({ spf, signatures }: DmarcFacts, state: 'pass' | 'unknown'): Identities {
  const dkim = signatures.filter(({ result }) => result === (state === 'pass' ? 'pass' : 'temperror'))
  const isSpf = state === 'pass' ? spf.result === 'pass' : spf.dnsTrouble
  return { spf: isSpf ? [spf.domain] : [], dkim: dkim.map(({ domain }) => domain) }
}

async function evaluate(authors: readonly string[], { spf, dkim }: Identities, resolver: Lookup) {
  return evaluateDmarc({
    headerFrom: authors,
    fromFields: 1,
    spfDomains: spf,
    dkimDomains: dkim.map((domain) => ({ domain })),
    resolver,
    strict: true,
  })
}

function passReason(alignment: { spf: { result?: string }; dkim: { result?: string } } | undefined): string {
  const { dkim, spf } = { dkim: alignment?.dkim.result, spf: alignment?.spf.result }
  if (dkim !== undefined) return `A signature of ${dkim} shows that the author’s domain stands behind the message`
  return `SPF of ${spf ?? ''} shows that the author’s domain stands behind the message`
}

function impossible(reason: string): DmarcOutcome {
  const none = { domain: null, policyDomain: null, record: null, policy: null, alignedSpf: null, alignedDkim: null }
  return { isAligned: () => false, verdict: { ...none, result: 'permerror', testing: false, reason } }
}

const UNUSABLE = new Map([
  ['no-author-domain', 'The message has no author with a domain'],
  ['multiple-author-domains', 'The authors are of several domains'],
  ['invalid-author-domain', 'An author’s address is malformed'],
])

const POLICIES: readonly string[] = ['none', 'quarantine', 'reject'] satisfies DmarcPolicy[]
const policyOf = (policy: string | undefined): DmarcPolicy | null =>
  policy !== undefined && isPolicy(policy) ? policy : null
const isPolicy = (policy: string): policy is DmarcPolicy => POLICIES.includes(policy)
