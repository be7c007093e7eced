import { type AddressKey, addressKey, catchAllKey, parseAddress, splitSubAddress } from '@mairust/mail-core/address'
import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { TenantScope } from './scope.ts'

/** Addresses in one query: databases limit the parameters of a statement. */
const BATCH = 1_000

/** What has an address: a mailbox, or an alias with its targets. */
type Holder = { readonly mailboxId: string } | { readonly targets: readonly string[] }

/**
 * The mailboxes that mail to these addresses of a tenant reaches, through any number of aliases, including those that accept no mail
 * now. Like `mailboxesReachedBy`, but for any number of addresses: its queries grow with the length of the longest chain and not
 * with the number of addresses.
 */
export async function mailboxesReachedFrom(
  db: Db,
  scope: TenantScope,
  addresses: readonly string[],
): Promise<Set<string>> {
  const domains = await canonicalNames(db, scope)
  const seen = new Set<string>()
  const reached = new Set<string>()
  for (let next = addresses; next.length > 0;) {
    const wanted = [...new Set(next)]
      .filter((address) => !seen.has(address))
      .map((address) => holderKeys(address, domains))
    for (const address of next) seen.add(address)
    const holders = await findHolders(db, scope, [...new Set(wanted.flat())])
    const found = wanted.flatMap((keys) => holders.get(keys.find((key) => holders.has(key)) ?? '') ?? [])
    for (const holder of found) if ('mailboxId' in holder) reached.add(holder.mailboxId)
    next = found.flatMap((holder) => ('targets' in holder ? holder.targets : []))
  }
  return reached
}

/** The names of the tenant's domains, each with the name of the domain that has its addresses: its own, or that it is an alias of. */
async function canonicalNames(db: Db, scope: TenantScope): Promise<Map<string, string>> {
  const { domains: d } = db.tables
  const rows = await db
    .select({ id: d.id, name: d.name, aliasOfId: d.aliasOfId })
    .from(d)
    .where(eq(d.tenantId, scope.tenantId))
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return new Map(rows.map(({ id, name, aliasOfId }) => [name, names.get(aliasOfId ?? id) ?? name]))
}

/** The addresses of which the first that exists gets mail for this one; none if it is in no domain of the tenant. */
function holderKeys(text: string, domains: ReadonlyMap<string, string>): AddressKey[] {
  const parsed = parseAddress(text)
  const domain = parsed.ok && !parsed.value.literal ? domains.get(parsed.value.domain) : undefined
  if (!parsed.ok || domain === undefined) return []
  const address = { ...parsed.value, domain }
  return [addressKey(address), addressKey(splitSubAddress(address).base), catchAllKey(domain)]
}

async function findHolders(
  db: Db,
  { tenantId }: TenantScope,
  addresses: readonly string[],
): Promise<Map<string, Holder>> {
  const { aliases: a, mailboxes: m } = db.tables
  const holders = new Map<string, Holder>()
  for (let start = 0; start < addresses.length; start += BATCH) {
    const batch = addresses.slice(start, start + BATCH)
    const ofAliases = await db
      .select({ address: a.address, targets: a.targets })
      .from(a)
      .where(and(eq(a.tenantId, tenantId), inArray(a.address, batch)))
    for (const { address, targets } of ofAliases) holders.set(address, { targets })
    const ofMailboxes = await db
      .select({ address: m.address, mailboxId: m.id })
      .from(m)
      .where(and(eq(m.tenantId, tenantId), inArray(m.address, batch)))
    for (const { address, mailboxId } of ofMailboxes) holders.set(address, { mailboxId })
  }
  return holders
}
