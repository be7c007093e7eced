import type { DomainRow } from '@mairust/db/queries/domain'

/** The TXT record that proves who owns a domain. */
export const verificationRecord = (domain: Pick<DomainRow, 'name' | 'verifyToken'>) => ({
  purpose: 'verification' as const,
  type: 'TXT' as const,
  name: `_mairust-verify.${domain.name}`,
  value: `mairust-verify=${domain.verifyToken}`,
  ttl: 3600,
})
