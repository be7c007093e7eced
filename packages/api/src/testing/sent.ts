import type { Database } from '@mairust/db'
import { type DeliveryFilter, listDeliveries } from '@mairust/db/queries/delivery'
import { findDomain } from '@mairust/db/queries/domain'
import { type MailboxRow, updateMailboxRow } from '@mairust/db/queries/mailbox'
import { tenantScope } from '@mairust/db/queries/scope'
import { makeMailbox } from '@mairust/db/testing'
import { AppError } from '../errors.ts'
import { listMessages } from '../services/message/index.ts'
import type { send } from '../services/send/index.ts'
import { type DraftWorld, makeDraftWorld } from './drafts.ts'

/** A mailbox from whose address its owner sends. */
export interface SentWorld extends DraftWorld {
  /** The name of its domain. */
  domain: string
  address: string
  /** Makes a mailbox beside it, of another user or of nobody. */
  neighbour: (name?: string, userId?: string | null) => Promise<MailboxRow>
  deliveries: (filter?: DeliveryFilter) => ReturnType<typeof listDeliveries>
  /** What is in a folder of a mailbox, as an administrator sees it. */
  inFolder: (folder: string, mailbox?: string) => Promise<Awaited<ReturnType<typeof listMessages>>['data']>
  /** The stored bytes of a message, as Latin-1. */
  rawOf: (id: string | undefined) => Promise<string>
  close: () => Promise<void>
}

/** Makes a world of its own in a test database. */
export const makeSentWorld = async (database: Database): Promise<SentWorld> => {
  const { db } = database
  const d = await makeDraftWorld(database)
  const { mailbox: made, runtime, as } = d.world
  const scope = tenantScope(made.tenantId)
  const domain = (await findDomain(db, scope, made.domainId))?.name ?? ''
  const address = `hana@${domain}`
  const mailbox = await db.transaction((tx) =>
    updateMailboxRow(tx, scope, made.id, { address, addressSince: new Date(0), updatedAt: new Date() }),
  )
  if (mailbox === null) throw new Error('the mailbox is gone')
  return {
    ...d,
    world: { ...d.world, mailbox },
    domain,
    address,
    neighbour: (name = 'neighbour', userId = null) =>
      makeMailbox(db, scope, { domainId: made.domainId, userId, address: `${name}@${domain}` }),
    deliveries: (filter = {}) => listDeliveries(db, scope, filter, { limit: 100 }),
    inFolder: async (folder, of = address) =>
      (await listMessages(await as('tenant_admin'), { folder, mailbox: of })).data,
    rawOf: async (id = '') => {
      const row = await d.rowOf(id)
      if (row === null) throw new Error('there is no such message')
      return (await runtime.blobs.read(row.blobKey)).toString('latin1')
    },
    close: async () => {
      runtime.signer.close()
      await runtime.drafts.close()
    },
  }
}

/** A small message of the world's sender to somebody elsewhere, changed by `input`. */
export const simpleMail = ({ address }: SentWorld, input: Partial<Parameters<typeof send>[1]> = {}) => ({
  from: address,
  to: ['ken@far.example'],
  subject: 'Hello',
  text: 'Hi.',
  ...input,
})

/** Why a call is refused: its code, and each field with the reason; null when it is not. */
export const refusalOf = async (call: Promise<unknown>): Promise<string[] | null> => {
  try {
    await call
    return null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return [error.code, ...error.details.map(({ field, reason }) => `${field} ${reason}`)]
  }
}
