import { reverseName } from './names.ts'
import { mtaStsId } from './mta-sts.ts'
import type { ExpectedRecord, ServerFacts } from './types.ts'

export interface DomainFacts extends ServerFacts {
  /** The proof of ownership, and whether it is still to be given. */
  readonly verification: { readonly name: string; readonly value: string; readonly isOpen: boolean }
  /** From `mergeSpf`. */
  readonly spf: string
  /** The keys whose records are to be published. */
  readonly keys: readonly { readonly selector: string; readonly record: string; readonly isSigning: boolean }[]
  /** The text of its MTA-STS policy. */
  readonly policy: string
}

const TTL = 3600

/** The records that a domain is to publish, and those of the addresses it sends from. */
export function expectedRecords(facts: DomainFacts): ExpectedRecord[] {
  const { domain, hostname, verification } = facts
  const txt = (purpose: ExpectedRecord['purpose'], name: string, value: string, required: boolean): ExpectedRecord => ({
    purpose,
    type: 'TXT',
    name,
    value,
    ttl: TTL,
    required,
  })
  return [
    txt('verification', verification.name, verification.value, verification.isOpen),
    { purpose: 'mx', type: 'MX', name: domain, value: `10 ${hostname}.`, ttl: TTL, required: true },
    txt('spf', domain, facts.spf, true),
    ...facts.keys.map(({ selector, record, isSigning }) =>
      txt('dkim', `${selector}._domainkey.${domain}`, record, isSigning),
    ),
    txt('dmarc', `_dmarc.${domain}`, `v=DMARC1; p=quarantine; rua=mailto:postmaster@${domain}`, true),
    txt('mta_sts', `_mta-sts.${domain}`, `v=STSv1; id=${mtaStsId(facts.policy)};`, false),
    {
      purpose: 'mta_sts_host',
      type: 'CNAME',
      name: `mta-sts.${domain}`,
      value: `${hostname}.`,
      ttl: TTL,
      required: false,
    },
    txt('tls_rpt', `_smtp._tls.${domain}`, `v=TLSRPTv1; rua=mailto:postmaster@${domain}`, false),
    ...facts.addresses.map((address) => ({
      purpose: 'ptr' as const,
      type: 'PTR' as const,
      name: reverseName(address),
      value: `${hostname}.`,
      ttl: TTL,
      required: true,
    })),
  ]
}
