import { quotaAtCommit } from '@mairust/mail-core/inbound'
import { and, eq, sql } from 'drizzle-orm'
import { valuesTable } from '../dialect/bulk.ts'
import { type Db, runSql } from '../client/db.ts'
import { lockMailboxes, type LockedMailbox } from '../dialect/message-rows.ts'
import type { AcceptFailure, AcceptItem } from './accept-types.ts'

/**
 * Locks the mailboxes, decides for each item in order whether all its mailboxes take it (`quotaAtCommit`), and counts what is taken.
 */
export async function admit(
  tx: Db,
  items: readonly AcceptItem[],
): Promise<{ admitted: AcceptItem[]; failures: AcceptFailure[] }> {
  const locked = await lockMailboxes(
    tx,
    items.flatMap(({ copies }) => copies),
  )
  const boxes = new Map(locked.map((box) => [keyOf(box.tenantId, box.id), { ...box, added: 0 }]))
  const admitted: AcceptItem[] = []
  const failures: AcceptFailure[] = []
  items.forEach((item, index) => {
    const failure = refusalOf(item, (tenantId, id) => boxes.get(keyOf(tenantId, id)))
    if (failure !== null) {
      failures.push({ index, ...failure })
      return
    }
    admitted.push(item)
    for (const copy of item.copies) {
      const box = boxes.get(keyOf(copy.tenantId, copy.mailboxId))
      if (box !== undefined) box.added += item.size
    }
  })
  await addUsed(
    tx,
    [...boxes.values()].filter(({ added }) => added > 0),
  )
  return { admitted, failures }
}

const REASONS = { fits: null, full: 'over_quota', exceeds_quota: 'too_large' } as const

type Box = LockedMailbox & { added: number }

const keyOf = (tenantId: string, mailboxId: string): string => `${tenantId} ${mailboxId}`

function refusalOf(
  { copies, size, ignoreQuota }: AcceptItem,
  boxOf: (tenantId: string, mailboxId: string) => Box | undefined,
): Omit<AcceptFailure, 'index'> | null {
  for (const { tenantId, mailboxId } of copies) {
    const box = boxOf(tenantId, mailboxId)
    if (box === undefined || box.status === 'removing') return { reason: 'no_mailbox', mailboxId }
    if (ignoreQuota === true) continue
    if (box.status === 'suspended') return { reason: 'suspended', mailboxId }
    const reason = REASONS[quotaAtCommit({ ...box, usedBytes: box.usedBytes + box.added }, size)]
    if (reason !== null) return { reason, mailboxId }
  }
  return null
}

async function addUsed(tx: Db, boxes: Box[]): Promise<void> {
  if (boxes.length === 0) return
  const { mailboxes } = tx.tables
  const rows = boxes.map(({ tenantId, id, added }) => [tenantId, id, added])
  const values = valuesTable([mailboxes.tenantId, mailboxes.id, mailboxes.usedBytes], rows)
  await runSql(
    tx,
    sql`update ${mailboxes} set used_bytes = used_bytes + v.column3 from ${values} as v
        where ${and(eq(mailboxes.tenantId, sql`v.column1`), eq(mailboxes.id, sql`v.column2`))}`,
  )
}
