import { createId } from '@mairust/db'
import type { SuppressionScope } from '@mairust/db/names'
import { hasId } from '@mairust/db/queries/id-set'
import type { NewSuppression, SuppressionFilter, SuppressionRow } from '@mairust/db/queries/suppression'
import { normaliseAddress, parseDomain } from '@mairust/mail-core/address'
import { isId } from '@mairust/mail-core/id'
import { isExempt } from '@mairust/mail-core/suppression'
import { accessScope } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'
import { wireTime, wireTimeOrNull } from '../../wire/index.ts'
import type { NewSuppressionWire, SuppressionChoice, SuppressionWire } from './schemas.ts'

type SuppressionPermission = 'suppression:read' | 'suppression:write'

/** The one place where a suppression becomes its wire form. */
export const toSuppressionWire = (row: SuppressionRow): SuppressionWire => ({
  id: row.id,
  address: row.address,
  scope: row.scope,
  domain: row.scope === 'domain' ? row.value : null,
  stream: row.scope === 'stream' ? row.value : null,
  reason: row.reason,
  detail: row.detail === '' ? null : row.detail,
  journey_id: row.journeyId,
  delivery_id: row.deliveryId,
  by: row.by,
  created_at: wireTime(row.createdAt),
  expires_at: wireTimeOrNull(row.expiresAt),
  override_until: wireTimeOrNull(row.passUntil),
})

/** The suppressions that the actor may see or change: administrators of domains have those for their domains. */
export const within = (ctx: ServiceContext, permission: SuppressionPermission): Pick<SuppressionFilter, 'domains'> => ({
  domains: accessScope(ctx, permission).userDomains,
})

/** Chosen suppressions in the terms of the queries. */
export const toFilter = (
  ctx: ServiceContext,
  permission: SuppressionPermission,
  { address, ...about }: Omit<Partial<SuppressionChoice>, 'address'> & { address?: string | undefined },
): SuppressionFilter => ({
  ...within(ctx, permission),
  ...(isId(address, 'sup') ? { id: address } : { address: address === undefined ? undefined : keyOf(address) }),
  scope: about.scope ?? (about.domain === undefined ? (about.stream === undefined ? undefined : 'stream') : 'domain'),
  value: about.domain === undefined ? about.stream : domainKey(about.domain),
})

const keyOf = (text: string): string => normaliseAddress(text.trim()) ?? text.trim().toLowerCase()

const domainKey = (text: string): string => {
  const parsed = parseDomain(text)
  return parsed.ok ? parsed.value : text.toLowerCase()
}

/**
 * The row of a new suppression.
 * @param path of its fields in the request, for errors
 * @throws AppError FORBIDDEN for mail that the actor does not manage, VALIDATION_ERROR, also for an address that is always sent to
 */
export const toNewRow = (ctx: ServiceContext, wanted: NewSuppressionWire, path = ''): NewSuppression => {
  const now = ctx.now()
  const { scope, value } = aboutOf(wanted, path)
  const { domains } = within(ctx, 'suppression:write')
  if (domains !== 'all' && (scope !== 'domain' || !hasId(domains, value)))
    throw new AppError('FORBIDDEN', 'You may suppress addresses for mail from your domains alone: name the `domain`.')
  const address = keyOf(wanted.address)
  const { exempt_local_parts: localParts } = ctx.config.outbound.suppression
  if (isExempt(address, '', { localParts, streams: [] }))
    throw invalidField(`${path}address`, 'is always sent to: it is of whoever looks after its domain')
  const expiresAt = typeof wanted.expires_at === 'string' ? new Date(wanted.expires_at) : null
  if (expiresAt !== null && expiresAt <= now) throw invalidField(`${path}expires_at`, 'must be in the future')
  const reason = wanted.reason ?? 'manual'
  return { id: createId('sup'), address, scope, value, reason, expiresAt, by: ctx.actor.name, createdAt: now }
}

const aboutOf = (
  { scope, domain, stream }: NewSuppressionWire,
  path: string,
): { scope: SuppressionScope; value: string } => {
  const implied = domain === undefined ? (stream === undefined ? 'all' : 'stream') : 'domain'
  const chosen = scope ?? implied
  if (chosen === 'domain' && domain === undefined) throw invalidField(`${path}domain`, 'is required for this scope')
  if (chosen === 'stream' && stream === undefined) throw invalidField(`${path}stream`, 'is required for this scope')
  if (domain !== undefined && chosen !== 'domain')
    throw invalidField(`${path}domain`, 'is for the scope `domain` alone')
  if (stream !== undefined && chosen !== 'stream')
    throw invalidField(`${path}stream`, 'is for the scope `stream` alone')
  return { scope: chosen, value: domain === undefined ? (stream ?? '') : domainKey(domain) }
}
