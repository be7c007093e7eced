import { createId, type Db } from '@mairust/db'
import type { AcceptItem } from '@mairust/db/queries/accept'
import { databaseDirectory } from '@mairust/db/queries/directory'
import type { ReturnedRow } from '@mairust/db/queries/returned-mail'
import { internalJourney, type MessageIndexer } from '@mairust/intake'
import { domainOf, parseAddress } from '@mairust/mail-core/address'
import { type LocalDelivery, openDirectory, resolveRecipient } from '@mairust/mail-core/inbound'
import { BEYOND_QUOTA } from '../jobs/reports.ts'

export interface PassOnTools {
  readonly db: Db
  readonly indexer: Pick<MessageIndexer, 'index'>
  readonly now: Date
}

/**
 * The copies of returned mail for whoever sent the message that it may be about, else for who looks after the domain: nothing that we do
 * not understand is dropped (O48). Null when there is nobody any more.
 */
export async function passOn(row: ReturnedRow, raw: Buffer, tools: PassOnTools): Promise<AcceptItem | null> {
  const { fallback, tenantId, sender, blobKey, size, sha256, authentication, createdAt: receivedAt } = row
  const { db, indexer, now } = tools
  const own = await mailboxesOf(db, fallback)
  const chosen = own.length > 0 ? own : await mailboxesOf(db, `postmaster@${domainOf(row.address)}`)
  if (chosen.length === 0) return null
  const index = await indexer.index([raw], 'returned')
  const isJunk = authentication?.junkReason !== undefined
  const copies = chosen.map(({ mailbox }) => ({
    tenantId,
    mailboxId: mailbox.id,
    messageId: createId('msg'),
    receivedAt,
    folderRole: isJunk ? ('junk' as const) : undefined,
  }))
  const journey = internalJourney({
    tenantId,
    address: fallback,
    sender,
    startedAt: now,
    name: 'returned mail',
    detail: `came to ${row.address} (${row.journeyId})`,
    reply: '250 2.0.0 Delivered',
  })
  return { journey, objects: [{ blobKey, size, sha256, index, authentication, copies }], beyondQuota: BEYOND_QUOTA }
}

async function mailboxesOf(db: Db, address: string): Promise<readonly LocalDelivery[]> {
  const path = parseAddress(address)
  if (!path.ok) return []
  const decision = await resolveRecipient({ path: path.value, size: null }, openDirectory(databaseDirectory(db)))
  return decision.kind === 'accept' ? decision.deliveries : []
}
