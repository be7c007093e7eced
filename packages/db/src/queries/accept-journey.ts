import { domainOf, parseAddress } from '@mairust/mail-core/address'
import { ownerRolesBehind } from '@mairust/mail-core/inbound'
import {
  domainOfStep,
  endingAtRcpt,
  endingFor,
  foldStatuses,
  inSteps,
  isRefusedAtRcpt,
  splitBehind,
  UNNAMED,
} from '@mairust/mail-core/journey'
import { and, inArray, ne } from 'drizzle-orm'
import { insertRows } from '../dialect/bulk.ts'
import type { Db } from '../client/db.ts'
import { highestRole, type Role } from '../names.ts'
import type { Tables } from '../schema/define.ts'
import type { JourneyInput, RecipientResult } from './accept-types.ts'
import { databaseDirectory } from './directory.ts'

/** Stores the journeys of SMTP transactions or submissions, accepted or refused: a row for each tenant concerned. */
export async function recordJourneys(tx: Db, journeys: readonly JourneyInput[]): Promise<void> {
  const { journeys: table, journeyRecipients } = tx.tables
  const rolesOf = ownerRoles(tx)
  const senders = await senderRoles(tx, journeys)
  const tenants = await tenantsOfDomains(tx, journeys)
  const shares = journeys.flatMap((journey) => sharesOf(journey, tenants))
  await insertRows(
    tx,
    table,
    shares.map(({ tenantId, journey, results, foreign, status, isSenders, isWhole, ...share }) => ({
      ...storedSteps(
        isSenders ? sendersSteps(journey, { results, foreign }) : stepsOf(journey, { results, status, isWhole }),
      ),
      tenantId,
      id: journey.id,
      direction: journey.direction,
      userId: isSenders ? (journey.userId ?? null) : null,
      userRole: isSenders ? (senders.get(journey.userId ?? '') ?? null) : null,
      status,
      sender: journey.sender,
      recipients: results.map(({ address }) => address),
      remoteAddress: journey.remoteAddress,
      helo: journey.helo,
      reply: share.reply,
      reason: share.reason,
      startedAt: journey.startedAt,
    })),
  )
  const rows: (typeof journeyRecipients.$inferSelect)[] = []
  for (const { tenantId, journey, results, foreign } of shares) {
    for (const result of results) {
      const { address, status, reply, reason = '' } = result
      // A role counts within its tenant alone.
      const ownerRole = foreign.has(address) ? null : highestRole(await rolesOf(tenantId, result))
      rows.push({ tenantId, journeyId: journey.id, address, status, reply, reason, ownerRole })
    }
  }
  await insertRows(tx, journeyRecipients, rows)
}

function storedSteps(all: JourneyInput['steps']): Pick<Tables['journeys']['$inferSelect'], 'steps' | 'stepsBehind'> {
  const { named, behind } = splitBehind(all)
  return { steps: named, stepsBehind: behind.length === 0 ? null : behind }
}

/** What one tenant sees of a transaction. */
interface Share {
  tenantId: string
  journey: JourneyInput
  results: RecipientResult[]
  /** Addresses of recipients of other tenants, to whom a user of this one sent it. */
  foreign: ReadonlySet<string>
  status: JourneyInput['status']
  /** The last reply to it, and why it was refused. */
  reply: string
  reason: string
  isSenders: boolean
  /** Whether no other tenant has a share. */
  isWhole: boolean
}

/**
 * A repeated address counts once, with its last result. The sender's tenant sees all recipients, but of those of other tenants no more
 * than the client was told.
 */
function sharesOf(journey: JourneyInput, tenants: ReadonlyMap<string, string>): Share[] {
  const shares = new Map<string, Map<string, RecipientResult>>()
  const foreign = new Set<string>()
  const put = (tenantId: string, result: RecipientResult): void => {
    const results = shares.get(tenantId) ?? new Map<string, RecipientResult>()
    shares.set(tenantId, results.set(result.address, result))
  }
  const isSubmitted = typeof journey.userId === 'string'
  for (const result of journey.recipients) {
    const tenantId = result.tenantId ?? tenants.get(domainOf(result.address)) ?? journey.tenantId
    if (isSubmitted && tenantId !== journey.tenantId) {
      put(journey.tenantId, result.reason === 'alias_disabled' ? { ...result, reason: 'unknown' } : result)
      foreign.add(result.address)
    }
    put(tenantId, result)
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
    // What the client was told last may be about recipients of others.
    const isTold = isWhole || isSenders || results.some(({ reply }) => reply === journey.reply)
    return {
      reply: isTold ? journey.reply : (results.at(-1)?.reply ?? ''),
      reason: isTold ? (journey.reason ?? '') : '',
      tenantId,
      journey,
      results,
      foreign: isSenders ? foreign : new Set(),
      isSenders,
      isWhole,
      status: isWhole || isSenders ? journey.status : own,
    }
  })
}

/**
 * The sender's tenant sees what was told to the client, and where its own recipients lead. Where those of other tenants do is not its to
 * know, nor that one is a disabled alias.
 */
function sendersSteps(
  { steps }: JourneyInput,
  { results, foreign }: Pick<Share, 'results' | 'foreign'>,
): JourneyInput['steps'][number][] {
  const others = new Set([...foreign].flatMap(formsOf))
  const own = new Set(results.flatMap(({ address }) => formsOf(address)).filter((address) => !others.has(address)))
  return steps
    .filter(({ behind }) => behind === undefined || own.has(behind.through))
    .map((step) =>
      step.detail === 'alias_disabled' && others.has(step.recipient ?? '') ? { ...step, detail: 'unknown' } : step,
    )
}

function stepsOf(
  journey: JourneyInput,
  { results, status, isWhole }: Pick<Share, 'results' | 'status' | 'isWhole'>,
): JourneyInput['steps'][number][] {
  const own = new Set(results.flatMap(({ address, mailboxes = [] }) => [address, ...mailboxes].flatMap(formsOf)))
  const domains = new Set(results.flatMap(({ mailboxes = [] }) => mailboxes.map(domainOf)))
  const isOwn = ({ recipient }: JourneyInput['steps'][number]): boolean =>
    recipient === null || own.has(recipient) || (isWhole && recipient === UNNAMED)
  const steps = journey.steps
    .filter((step) => {
      const domain = domainOfStep(step)
      return domain === null ? isOwn(step) : domains.has(domain)
    })
    .map((step) => endingFor(step, status))
  // Only mail of others got further.
  const isAtRcpt = !isWhole && results.every(({ address }) => isRefusedAtRcpt(steps, address))
  return isAtRcpt ? endingAtRcpt(steps, { status, reply: results.at(-1)?.reply ?? '' }) : steps
}

/** How steps may have the address of a result: that of a refused one is written so already. */
const formsOf = (address: string): string[] => [address, inSteps(address)]

/** The roles of the users who submitted these. */
async function senderRoles(tx: Db, journeys: readonly JourneyInput[]): Promise<ReadonlyMap<string, Role>> {
  const { users } = tx.tables
  const submitted = journeys.flatMap(({ userId, tenantId }) => (typeof userId === 'string' ? { userId, tenantId } : []))
  if (submitted.length === 0) return new Map()
  const tenantIds = [...new Set(submitted.map(({ tenantId }) => tenantId))]
  const ids = [...new Set(submitted.map(({ userId }) => userId))]
  const rows = await tx
    .select({ id: users.id, role: users.role })
    .from(users)
    .where(and(inArray(users.tenantId, tenantIds), inArray(users.id, ids)))
  return new Map(rows.map(({ id, role }) => [id, role]))
}

/** The roles of those whose mail a recipient is; looks up, each once, those that nobody has resolved yet. */
function ownerRoles(
  tx: Db,
): (tenantId: string, result: RecipientResult) => Promise<readonly string[]> | readonly string[] {
  const directory = databaseDirectory(tx)
  const known = new Map<string, Promise<readonly string[]>>()
  return (tenantId, { address, ownerRoles: roles }) => {
    if (roles !== undefined) return roles
    const key = `${tenantId} ${address}`
    const parsed = parseAddress(address)
    const found =
      known.get(key) ?? (parsed.ok ? ownerRolesBehind(parsed.value, tenantId, directory) : Promise.resolve([]))
    known.set(key, found)
    return found
  }
}

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
