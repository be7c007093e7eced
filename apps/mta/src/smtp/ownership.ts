import type { Db } from '@mairust/db'
import { findMailboxIds } from '@mairust/db/queries/mailbox'
import { parseAddress } from '@mairust/mail-core/address'
import { type Directory, resolveRecipient } from '@mairust/mail-core/inbound'

/** Tells whether a user may send as an address (its comparison key): whether mail to it reaches a mailbox of theirs. */
export function addressOwnership(db: Db, directory: Directory) {
  return async (userId: string, tenantId: string, key: string): Promise<boolean> => {
    const path = parseAddress(key)
    if (!path.ok) return false
    const own = await findMailboxIds(db, { tenantId }, { userId })
    const decision = await resolveRecipient({ path: path.value, size: null }, withoutQuotas(directory))
    return (
      decision.kind === 'accept' &&
      decision.tenantId === tenantId &&
      decision.deliveries.some(({ mailbox }) => own.includes(mailbox.id))
    )
  }
}

/** Whose mailbox is full may still send. */
function withoutQuotas(directory: Directory): Directory {
  return {
    ...directory,
    address: async (tenantId, key) => {
      const facts = await directory.address(tenantId, key)
      return facts?.kind === 'mailbox' ? { kind: 'mailbox', mailbox: { ...facts.mailbox, quotaBytes: null } } : facts
    },
  }
}
