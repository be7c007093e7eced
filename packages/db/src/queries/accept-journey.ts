import { endingFor, foldStatuses, UNNAMED } from '@mairust/mail-core/journey'
import { and, inArray, ne } from 'drizzle-orm'
import { insertRows } from '../dialect/bulk.ts'
import type { Db } from '../client/db.ts'
import type { JourneyInput, RecipientResult } from './accept-types.ts'

/** Stores the journeys of SMTP transactions or submissions, accepted or refused: a row for each tenant concerned. */
export async function recordJourneys(tx: Db, journeys: readonly JourneyInput[]): Promise<void> {
  const { journeys: table, journeyRecipients } = tx.tables
  const tenants = await tenantsOfDomains(tx, journeys)
  const shares = journeys.flatMap((journey) => sharesOf(journey, tenants))
  await insertRows(
    tx,
    table,
    shares.map(({ tenantId, journey, results, status, isSenders, isWhole }) => ({
      tenantId,
      id: journey.id,
      direction: journey.direction,
      userId: isSenders ? (journey.userId ?? null) : null,
      status,
      sender: journey.sender,
      recipients: results.map(({ address }) => address),
      remoteAddress: journey.remoteAddress,
      helo: journey.helo,
      reply: journey.reply,
      reason: journey.reason ?? '',
      steps: isSenders ? [...journey.steps] : stepsOf(journey, { results, status, isWhole }),
      startedAt: journey.startedAt,
    })),
  )
  await insertRows(
    tx,
    journeyRecipients,
    shares.flatMap(({ tenantId, journey, results }) =>
      results.map(({ address, status, reply, reason = '' }) => ({
        tenantId,
        journeyId: journey.id,
        address,
        status,
        reply,
        reason,
      })),
    ),
  )
}

/** What one tenant sees of a transaction. */
interface Share {
  tenantId: string
  journey: JourneyInput
  results: RecipientResult[]
  status: JourneyInput['status']
  isSenders: boolean
  /** Whether no other tenant has a share. */
  isWhole: boolean
}

/** A repeated address counts once, with its last result. The sender's tenant sees everything. */
function sharesOf(journey: JourneyInput, tenants: ReadonlyMap<string, string>): Share[] {
  const shares = new Map<string, Map<string, RecipientResult>>()
  const put = (tenantId: string, result: RecipientResult): void => {
    const results = shares.get(tenantId) ?? new Map<string, RecipientResult>()
    shares.set(tenantId, results.set(result.address, result))
  }
  const isSubmitted = typeof journey.userId === 'string'
  for (const result of journey.recipients) {
    if (isSubmitted) put(journey.tenantId, result)
    put(result.tenantId ?? tenants.get(domainOf(result.address)) ?? journey.tenantId, result)
  }
  if (shares.size === 0) shares.set(journey.tenantId, new Map())
  return [...shares].map(([tenantId, byAddress]) => {
    const results = [...byAddress.values()]
    const isSenders = isSubmitted && tenantId === journey.tenantId
    const own = foldStatuses(
      results.map(({ status }) => status),
      journey.status,
    )
    const isWhole = shares.size === 1
    return { tenantId, journey, results, isSenders, isWhole, status: isWhole || isSenders ? journey.status : own }
  })
}

function stepsOf(
  journey: JourneyInput,
  { results, status, isWhole }: Pick<Share, 'results' | 'status' | 'isWhole'>,
): JourneyInput['steps'][number][] {
  const own = new Set(results.flatMap(({ address, mailboxes = [] }) => [address, ...mailboxes]))
  return journey.steps
    .filter(({ recipient }) => recipient === null || own.has(recipient) || (isWhole && recipient === UNNAMED))
    .map((step) => endingFor(step, status))
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

/**
 * Tenants by domain, for recipients whose tenant is unknown, as when the database was down at RCPT. A pending domain proves nothing:
 * anybody may have added it.
 */
async function tenantsOfDomains(tx: Db, journeys: readonly JourneyInput[]): Promise<ReadonlyMap<string, string>> {
  const { domains } = tx.tables
  const open = journeys.flatMap(({ recipients }) => recipients.filter(({ tenantId }) => tenantId === null))
  const names = [...new Set(open.map(({ address }) => domainOf(address)))]
  if (names.length === 0) return new Map()
  const rows = await tx
    .select({ name: domains.name, tenantId: domains.tenantId })
    .from(domains)
    .where(and(inArray(domains.name, names), ne(domains.status, 'pending')))
  return new Map(rows.map(({ name, tenantId }) => [name, tenantId]))
}
