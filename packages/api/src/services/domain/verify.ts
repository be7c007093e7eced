import { lockDomain, updateDomainRow } from '@mairust/db/queries/domain'
import { scopeOf } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { verb, unchanged, recorded } from '../../verb/index.ts'
import { domainTaken, requireDomain, toDomainWire } from './internal.ts'
import { verificationRecord } from './proof.ts'
import { domainIdInput, verificationSchema } from './schemas.ts'

/** Milliseconds for the look-up: nobody waits longer for an answer. */
const LOOKUP_MS = 10_000

/**
 * Looks up the TXT record `_mairust-verify.<domain>`, and activates a pending domain if the record proves its ownership. A failed
 * look-up counts as not found. A suspended domain stays suspended.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const verifyDomain = verb({
  permission: 'domain:write',
  input: domainIdInput,
  output: verificationSchema,
  audit: 'domain.verify',
  notify: ['domains'],
  run: async (ctx, { id }, commit) => {
    const domain = await requireDomain(ctx.db, ctx, 'domain:write', id)
    const expected = verificationRecord(domain)
    const looked = await ctx.openResolver().query(expected.name, 'TXT', { signal: AbortSignal.timeout(LOOKUP_MS) })
    if (looked.kind === 'temporary') {
      ctx.log.info({ request_id: ctx.requestId, cause: looked.cause }, 'TXT look-up of a domain failed')
    }
    const found = looked.kind === 'found' ? looked.records.map((strings) => strings.join('')) : []
    const verified = found.includes(expected.value)
    const answer = { verified, expected, found: found.slice(0, 20).map((value) => value.slice(0, 512)) }
    if (!verified || domain.status !== 'pending') return { ...toDomainWire(domain), ...answer }
    return commit(async (tx) => {
      const before = await requireDomain(tx, ctx, 'domain:write', id, lockDomain)
      if (before.status !== 'pending') return unchanged({ ...toDomainWire(before), ...answer })
      const change = { status: 'active' as const, updatedAt: ctx.now() }
      const after = orNotFound(await updateDomainRow(tx, scopeOf(ctx), id, change), 'domain')
      const wire = toDomainWire(after)
      return recorded({ ...wire, ...answer }, { targetId: id, before: toDomainWire(before), after: wire })
    }).catch(domainTaken)
  },
})
