import type { Db } from '@mairust/db'
import { findMailboxIds } from '@mairust/db/queries/mailbox'
import type { Address } from '@mairust/mail-core/address'
import { type Directory, maySendAs } from '@mairust/mail-core/inbound'

/** Tells whether a user may send as an address. */
export type Ownership = (user: { readonly id: string; readonly tenantId: string }, address: Address) => Promise<boolean>

/** Asks the database which mailboxes are the user's, and the directory where the address leads. */
export function addressOwnership(db: Db, directory: Directory): Ownership {
  return async ({ id: userId, tenantId }, address) => {
    const mailboxIds = await findMailboxIds(db, { tenantId }, { userId })
    return maySendAs({ tenantId, mailboxIds, address }, directory)
  }
}
