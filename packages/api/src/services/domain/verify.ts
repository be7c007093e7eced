import { tenantTopic } from '@mairust/db'
import { lockDomain, updateDomainRow } from '@mairust/db/queries/domain'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { parseInput } from '../../wire/index.ts'
import { verificationRecord } from './dns.ts'
import { domainTaken, requireDomain, toDomainWire } from './internal.ts'
import { domainIdInput, type VerificationWire } from './schemas.ts'

/**
 * Looks for the TXT proof `_mairust-verify.<domain>` and makes a pending domain active when it is there. A failed
 * look-up counts as not found. A suspended domain stays suspended.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const verifyDomain = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof domainIdInput>
}): Promise<VerificationWire> => {
  requirePermission(ctx, 'domain:write')
  const { id } = parseInput(domainIdInput, input)
  const domain = await requireDomain(ctx.db, ctx, 'domain:write', id)
  const expected = verificationRecord(domain)
  const found = await ctx.resolveTxt(expected.name).catch((error: unknown): string[] => {
    ctx.log.info({ request_id: ctx.requestId, err: error }, 'TXT look-up of a domain failed')
    return []
  })
  const verified = found.includes(expected.value)
  const answer = { verified, expected, found: found.slice(0, 20).map((value) => value.slice(0, 512)) }
  if (!verified || domain.status !== 'pending') return { ...toDomainWire(domain), ...answer }
  return ctx.db
    .transaction(async (tx) => {
      const before = await requireDomain(tx, ctx, 'domain:write', id, lockDomain)
      if (before.status !== 'pending') return { ...toDomainWire(before), ...answer }
      const change = { status: 'active' as const, updatedAt: ctx.now() }
      const after = orNotFound(await updateDomainRow(tx, scopeOf(ctx), id, change), 'domain')
      await writeAudit(tx, ctx, {
        action: 'domain.verify',
        targetType: 'domain',
        targetId: id,
        before: toDomainWire(before),
        after: toDomainWire(after),
      })
      await ctx.changes.publish(tx, tenantTopic('domains', ctx.actor.tenantId))
      return { ...toDomainWire(after), ...answer }
    })
    .catch(domainTaken)
}
