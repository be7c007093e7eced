import { quotaAtCommit, quotaOfCopies, type QuotaVerdict } from '@mairust/mail-core/inbound'
import { and, eq, sql } from 'drizzle-orm'
import { updateFrom } from '../dialect/bulk.ts'
import type { Db } from '../client/db.ts'
import { lockMailboxes, type LockedMailbox } from '../dialect/message-rows.ts'
import type { AcceptFailure, AcceptItem } from './accept-types.ts'
import { giveBackSending, takeSending } from './sending-limit.ts'

/** Counts recipients elsewhere, locks the mailboxes, decides for each item in order whether to accept it, and counts accepted bytes. */
export async function admit(
  tx: Db,
  items: readonly AcceptItem[],
): Promise<{ admitted: AcceptItem[]; failures: AcceptFailure[] }> {
  const locked = await lockMailboxes(
    tx,
    items.flatMap(({ objects }) => objects.flatMap(({ copies }) => copies)),
  )
  const reached = await takeSending(tx, items)
  const boxes = new Map(locked.map((box) => [keyOf(box.tenantId, box.id), { ...box, added: 0 }]))
  const admitted: AcceptItem[] = []
  const failures: AcceptFailure[] = []
  items.forEach((item, index) => {
    const places = placesOf(item, boxes)
    const over = reached.get(index)
    const failure =
      over === undefined ? refusalOf(item, places) : { reason: 'over_limit' as const, mailboxId: '', reached: over }
    if (failure !== null) {
      failures.push({ index, ...failure })
      return
    }
    admitted.push(item)
    for (const { box, size } of places) if (box !== undefined) box.added += size
  })
  await giveBackSending(
    tx,
    failures.flatMap(({ index, reason }) => (reason === 'over_limit' ? [] : items.slice(index, index + 1))),
  )
  await addUsed(
    tx,
    [...boxes.values()].filter(({ added }) => added > 0),
  )
  return { admitted, failures }
}

const REASONS = { fits: null, full: 'over_quota', exceeds_quota: 'too_large' } as const

type Box = LockedMailbox & { added: number }

/** A mailbox that a message goes to; `box` is missing when it no longer exists. */
interface Place {
  mailboxId: string
  size: number
  box: Box | undefined
}

const keyOf = (tenantId: string, mailboxId: string): string => `${tenantId} ${mailboxId}`

const placesOf = ({ objects }: AcceptItem, boxes: ReadonlyMap<string, Box>): Place[] =>
  objects.flatMap(({ size, copies }) =>
    copies.map(({ tenantId, mailboxId }) => ({ mailboxId, size, box: boxes.get(keyOf(tenantId, mailboxId)) })),
  )

function refusalOf({ beyondQuota = 0 }: AcceptItem, places: readonly Place[]): Omit<AcceptFailure, 'index'> | null {
  for (const { mailboxId, box } of places) {
    if (box === undefined || box.status === 'removing') return { reason: 'no_mailbox', mailboxId }
    if (beyondQuota === 0 && box.status === 'suspended') return { reason: 'suspended', mailboxId }
  }
  if (places.length === 0) return null
  const verdicts = places.map(({ box, size }) => (box === undefined ? 'fits' : verdictOf(box, size, beyondQuota)))
  const verdict = quotaOfCopies(verdicts)
  const reason = REASONS[verdict]
  return reason && { reason, mailboxId: places[verdicts.indexOf(verdict)]?.mailboxId ?? '' }
}

const verdictOf = ({ quotaBytes, usedBytes, added }: Box, size: number, beyond: number): QuotaVerdict =>
  quotaAtCommit({ quotaBytes: quotaBytes === null ? null : quotaBytes + beyond, usedBytes: usedBytes + added }, size)

async function addUsed(tx: Db, boxes: Box[]): Promise<void> {
  const { mailboxes } = tx.tables
  const rows = boxes.map(({ tenantId, id, added }) => [tenantId, id, added])
  await updateFrom(
    tx,
    [mailboxes.tenantId, mailboxes.id, mailboxes.usedBytes],
    rows,
    (values) => sql`update ${mailboxes} set used_bytes = used_bytes + v.column3 from ${values} as v
        where ${and(eq(mailboxes.tenantId, sql`v.column1`), eq(mailboxes.id, sql`v.column2`))}`,
  )
}
