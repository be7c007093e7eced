import { tenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import { allBut, type IdSet } from '@mairust/db/queries/id-set'
import { type LargeParts, type JourneyRow, type JourneyScope, partsOfJourney } from '@mairust/db/queries/journey'
import {
  type JourneyEventRow,
  type JourneyOutcome,
  type JourneyRecipientRow,
  eventsOfJourneys,
  outcomesOfJourneys,
  recipientsOfJourneys,
} from '@mairust/db/queries/journey-parts'
import { copiesOfJourneys, type JourneyCopies } from '@mairust/db/queries/journey-copies'
import { mailboxAddresses } from '@mairust/db/queries/mailbox-address'
import {
  type Behind,
  domainOfStep,
  endingAtRcpt,
  endingFor,
  foldStatuses,
  isRefusedAtRcpt,
  type JourneyStep,
  readStep,
  type RecordedStep,
} from '@mairust/mail-core/journey'
import { domainOf } from '@mairust/mail-core/address'
import { wireTime } from '../../wire/index.ts'
import type { JourneyWire } from './schemas.ts'

/** The part of a journey that the actor may see. */
export interface VisibleJourney {
  wire: JourneyWire
  recipients: JourneyRecipientRow[]
}

/** What is read of each journey at most. */
interface Extent {
  readonly recipients: number
  readonly steps: number
}

type WholeRow = JourneyRow & LargeParts

type Viewed = Pick<JourneyScope, 'only' | 'hidden'>

/** Since when mailboxes have these addresses. */
type Held = ReadonlyMap<string, Date>

/** Journeys of one tenant of which the actor sees the same, and what there is of them. */
interface Parts {
  readonly recipients: readonly JourneyRecipientRow[]
  readonly outcomes: readonly JourneyOutcome[]
  readonly events: readonly JourneyEventRow[]
  /** Where the actor sees copies; empty where they see the whole. */
  readonly copies: readonly JourneyCopies[]
  /** The addresses of which the actor sees the part of the journey, and since when their mailboxes have them. */
  readonly held: Held
  /** Those of the mailboxes in the actor's scope; null: all of the tenant. */
  readonly inScope: Held | null
  /** Those of the actor's own mailboxes, where others' may be hidden. */
  readonly own: Held
}

/**
 * The one place where journeys' rows become their wire form. It reads recipients and events for all journeys at once. Of journeys that
 * they do not see in whole, actors see only their own recipients, and the steps that name these or no recipient.
 */
export const toJourneyWires = async (
  db: Db,
  scope: Viewed,
  rows: readonly JourneyRow[],
  extent: Extent,
): Promise<VisibleJourney[]> => {
  const groups = new Map<string, JourneyRow[]>()
  for (const row of rows) {
    const key = `${row.tenantId} ${row.sight} ${String(isFromSelf(scope, row))}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const read = await Promise.all([...groups.values()].map((group) => readParts(db, scope, group, extent)))
  const parts = new Map(read.flatMap((group) => [...group]))
  const visible: VisibleJourney[] = []
  for (const row of rows) {
    const seen = parts.get(row)
    // Large ones are read one by one and cut to what is seen of them: what is not seen must not decide how much is.
    if (seen !== undefined) visible.push(toVisible(await whole(db, row), seen, hiddenIn(scope, row), extent))
  }
  return visible
}

const whole = async (db: Db, row: JourneyRow): Promise<WholeRow> => {
  const { steps, recipients } = row
  return { ...row, ...(steps === null || recipients === null ? await partsOfJourney(db, row) : { steps, recipients }) }
}

const isFromSelf = ({ hidden }: Viewed, { userId }: JourneyRow): boolean =>
  userId !== null && userId === hidden?.self.userId

/** What is hidden in a journey: nothing in what actors sent themselves and see in whole. */
const hiddenIn = (scope: Viewed, row: JourneyRow): Viewed['hidden'] =>
  row.sight === 'whole' && isFromSelf(scope, row) ? undefined : scope.hidden

/** The mailboxes of which the actor sees what the journey is about; undefined: all of it. */
const mailboxesIn = ({ only, hidden }: Viewed, { sight }: JourneyRow): IdSet | undefined => {
  if (sight === 'whole') return undefined
  if (sight === 'own') return hidden?.self.mailboxIds ?? []
  return sight === 'others' || only === 'all' ? allBut(hidden?.mailboxIds ?? []) : only.mailboxIds
}

/** The parts of each of these journeys, all of one tenant, and all seen alike. */
const readParts = async (
  db: Db,
  scope: Viewed,
  rows: readonly JourneyRow[],
  extent: Extent,
): Promise<Map<JourneyRow, Parts>> => {
  const [first] = rows
  if (first === undefined) return new Map()
  const tenant = tenantScope(first.tenantId)
  const mailboxIds = mailboxesIn(scope, first)
  const asked = {
    ids: rows.map(({ id }) => id),
    of: mailboxIds,
    withOthers: first.sight === 'others',
    hidden: hiddenIn(scope, first),
  }
  const known = new Map<IdSet | undefined, Promise<Held>>([[undefined, Promise.resolve(new Map())]])
  const addressesOf = (ids: IdSet | undefined): Promise<Held> => {
    const found = known.get(ids) ?? mailboxAddresses(db, { ...tenant, mailboxIds: ids ?? [] })
    known.set(ids, found)
    return found
  }
  const [recipients, outcomes, events, copies, held, inScope, own] = await Promise.all([
    recipientsOfJourneys(db, tenant, asked, extent.recipients),
    outcomesOfJourneys(db, tenant, asked),
    eventsOfJourneys(db, tenant, asked, extent.steps),
    mailboxIds === undefined ? [] : copiesOfJourneys(db, tenant, { ids: asked.ids, of: mailboxIds }),
    addressesOf(mailboxIds),
    scope.only === 'all' ? null : addressesOf(scope.only.mailboxIds),
    addressesOf(scope.hidden?.self.mailboxIds),
  ])
  const of = ({ id }: JourneyRow) => {
    const isOf = (part: { journeyId: string }): boolean => part.journeyId === id
    return {
      recipients: recipients.filter(isOf),
      outcomes: outcomes.filter(isOf),
      events: events.filter(isOf),
      copies: copies.filter(isOf),
      held,
      inScope,
      own,
    }
  }
  return new Map(rows.map((row) => [row, of(row)]))
}

const toVisible = (row: WholeRow, parts: Parts, hidden: Viewed['hidden'], extent: Extent): VisibleJourney => {
  const { recipients, outcomes, events, copies, held, inScope, own } = parts
  const isWhole = row.sight === 'whole'
  // An alias may stand for several people: who sent the mail is theirs to know, and their own administrators', whose tenant has the user.
  const seesLogin = isWhole && row.userId !== null
  const named = new Set(recipients.map(({ address }) => address))
  const all = new Set(row.recipients)
  const isIn = (addresses: Held, address: string): boolean => (addresses.get(address) ?? NEVER) <= row.startedAt
  const sees = (address: string): boolean => {
    if (isWhole) return hidden?.addresses.includes(address) !== true
    if (named.has(address)) return true
    // A hidden recipient may have the address of a mailbox that is visible now.
    if (hidden !== undefined && all.has(address)) return false
    return isIn(held, address)
  }
  const steps = [...row.steps.map(readStep), ...events.map((event) => toStep(row, event))]
  const taken = recipients.filter(({ address }) => !isRefusedAtRcpt(steps, address))
  // Decided where the mail is: of domains where the actor sees nothing of it, they learn nothing.
  const domains = new Set([...taken.map(({ address }) => domainOf(address)), ...copies.map(({ domain }) => domain)])
  // Nobody named it: it tells where an address leads.
  const seesBehind = ({ ownerRole }: Behind, address: string): boolean =>
    (inScope === null || isIn(inScope, address)) && (isIn(own, address) || !isOneOf(hidden?.roles ?? [], ownerRole))
  const seesStep = (step: RecordedStep): boolean => {
    const { kind, recipient, behind } = step
    const domain = domainOfStep(step)
    if (domain !== null) return isWhole || domains.has(domain)
    if (recipient === null) return kind !== 'auth' || seesLogin
    return (behind === undefined || seesBehind(behind, recipient)) && sees(recipient)
  }
  // Must not reveal results for others. Without a visible recipient, mail came through an alias or catch-all: it was accepted.
  const status = foldStatuses(
    outcomes.map(({ status }) => status),
    'accepted',
  )
  // The last reply may be about others.
  const isTold = isWhole || recipients.length === 0 || recipients.some(({ reply }) => reply === row.reply)
  const reply = isTold ? row.reply : (recipients.at(-1)?.reply ?? '')
  // Nothing of it came further for them.
  const isAtRcpt =
    !isWhole &&
    recipients.length > 0 &&
    taken.length + copies.length === 0 &&
    outcomes.every((outcome) => outcome.status === 'refused' || outcome.status === 'deferred')
  const shown = steps.filter(seesStep)
  const ended = isAtRcpt ? endingAtRcpt(shown, { status, reply: recipients.at(-1)?.reply ?? '' }) : shown
  const reasons = outcomes.flatMap(({ reason }) => (reason === null ? [] : [reason]))
  return {
    recipients: [...recipients],
    wire: {
      id: row.id,
      direction: row.direction,
      status: isWhole ? row.status : status,
      from: row.sender,
      to: row.recipients.filter(sees).slice(0, extent.recipients),
      started_at: wireTime(row.startedAt),
      remote_address: row.remoteAddress,
      helo: row.helo,
      reply,
      reason: row.reason === '' || !isTold ? (reasons.sort()[0] ?? null) : row.reason,
      steps: withEnd(ended, extent.steps)
        .map(toWireStep)
        .map((step) => (isWhole ? step : endingFor(step, status))),
    },
  }
}

/** The first of the steps, and the last one, which says how it ended. */
const withEnd = (steps: readonly JourneyStep[], most: number): JourneyStep[] =>
  steps.length <= most ? [...steps] : [...steps.slice(0, most - 1), ...steps.slice(-1)]

const NEVER = new Date(8.64e15)

const isOneOf = (roles: readonly string[], role: string | null): boolean => role !== null && roles.includes(role)

const toWireStep = ({ at, ms, kind, name, result, detail, recipient }: RecordedStep): JourneyStep => ({
  at,
  ms,
  kind,
  name,
  result,
  detail,
  recipient,
})

const toStep = ({ startedAt }: JourneyRow, event: JourneyEventRow): JourneyStep => ({
  at: wireTime(event.at),
  ms: Math.max(0, event.at.getTime() - startedAt.getTime()),
  kind: event.kind,
  name: event.name,
  result: event.result,
  detail: event.detail,
  recipient: event.recipient,
})
