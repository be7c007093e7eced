import type { DomainRow } from '@mairust/db/queries/domain'
import { verb } from '../../verb/index.ts'
import { pageOf, listOutput } from '../../wire/index.ts'
import { requireDomain } from './internal.ts'
import { listDomainRecordsInput, type DnsRecordWire, dnsRecordSchema } from './schemas.ts'

const TTL = 3600

/** The TXT record that proves who owns a domain. */
export const verificationRecord = (domain: Pick<DomainRow, 'name' | 'verifyToken'>): DnsRecordWire => ({
  purpose: 'verification',
  type: 'TXT',
  name: `_mairust-verify.${domain.name}`,
  value: `mairust-verify=${domain.verifyToken}`,
  ttl: TTL,
})

/**
 * The records a domain needs: proof of ownership, MX (RFC 5321 §5.1), SPF (RFC 7208 §3) and DMARC (RFC 7489 §6.1).
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const listDomainRecords = verb({
  permission: 'domain:read',
  input: listDomainRecordsInput,
  output: listOutput(dnsRecordSchema),
  run: async (ctx, wanted) => {
    const domain = await requireDomain(ctx.db, ctx, 'domain:read', wanted.id)
    const { hostname } = ctx.config.server
    const records: DnsRecordWire[] = [
      verificationRecord(domain),
      { purpose: 'mx', type: 'MX', name: domain.name, value: `10 ${hostname}.`, ttl: TTL },
      { purpose: 'spf', type: 'TXT', name: domain.name, value: `v=spf1 mx a:${hostname} -all`, ttl: TTL },
      {
        purpose: 'dmarc',
        type: 'TXT',
        name: `_dmarc.${domain.name}`,
        value: `v=DMARC1; p=quarantine; rua=mailto:postmaster@${domain.name}`,
        ttl: TTL,
      },
    ]
    return pageOf(
      records,
      wanted,
      (record) => record,
      ({ purpose }, at) => [at, purpose],
    )
  },
})
