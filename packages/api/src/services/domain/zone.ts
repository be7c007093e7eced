import { zoneText } from '@mairust/mail-core/dns-records'
import { z } from 'zod'
import { verb } from '../../verb/index.ts'
import { requireDomain } from './internal.ts'
import { openLook } from './look.ts'
import { domainIdInput } from './schemas.ts'
import { viewDomain } from './view.ts'

/**
 * The records that a domain needs as a zone file (RFC 1035 §5). SPF is merged with what is in DNS.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getDomainZone = verb({
  permission: 'domain:read',
  input: domainIdInput,
  output: z.object({ name: z.string(), zone: z.string() }),
  run: async (ctx, { id }) => {
    const domain = await requireDomain(ctx.db, ctx, 'domain:read', id)
    const { records } = await viewDomain(ctx, domain, openLook(ctx.openResolver()))
    return { name: domain.name, zone: zoneText(domain.name, records) }
  },
})
