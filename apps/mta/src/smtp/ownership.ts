import type { Db } from '@mairust/db'
import { findMailboxIds } from '@mairust/db/queries/mailbox'
import { parseAddress } from '@mairust/mail-core/address'
import { type Directory, maySendAs } from '@mairust/mail-core/inbound'

/** Tells whether a user may send as an address (its comparison key). */
export function addressOwnership(db: Db, directory: Directory) {
  return async (userId: string, tenantId: string, key: string): Promise<boolean> => {
    const path = parseAddress(key)
    if (!path.ok) return false
    const mailboxIds = await findMailboxIds(db, { tenantId }, { userId })
    return maySendAs({ tenantId, mailboxIds, address: path.value }, directory)
  }
}
