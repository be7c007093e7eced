import { tenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import { findMailboxIds } from '@mairust/db/queries/mailbox'
import type { Address } from '@mairust/mail-core/address'
import { type Directory, maySendAs } from '@mairust/mail-core/inbound'

/** Whether a user may send as an address. */
export type Ownership = (user: { readonly id: string; readonly tenantId: string }, address: Address) => Promise<boolean>

/** Decides by the user's mailboxes in the database, and by where the directory resolves the address to. */
export function addressOwnership(db: Db, directory: Directory): Ownership {
  return async ({ id: userId, tenantId }, address) => {
    const mailboxIds = await findMailboxIds(db, tenantScope(tenantId), { userId })
    return maySendAs({ tenantId, mailboxIds, address }, directory)
  }
}
