import type { AddressKey } from '@mairust/mail-core/address'

/** Where the copies of one envelope recipient go. */
export interface Destination {
  readonly recipient: AddressKey
  readonly tenantId: string
  readonly mailboxes: readonly PlannedMailbox[]
  /** Header lines with CRLF, added on top by verdicts about this recipient. */
  readonly header?: string | undefined
}

/** A mailbox that gets a copy, whoever it was sent to. */
interface PlannedMailbox {
  readonly id: string
  /** Why its copy belongs in Junk; null or absent when it does not. The same for all recipients that lead there. */
  readonly junkReason?: string | null | undefined
}

/** An object to store: the message with one set of header fields, for mailboxes of one tenant. */
export interface PlannedObject {
  readonly tenantId: string
  readonly header: string
  readonly junkReason: string | null
  readonly recipients: readonly AddressKey[]
  /** Each occurs once in the whole plan. */
  readonly mailboxIds: readonly string[]
}

/** An object while recipients are added. */
type Plan = PlannedObject & { readonly recipients: AddressKey[]; readonly mailboxIds: string[] }

/**
 * Groups the recipients of a message into as few objects as possible: one per set of header fields and verdict within a tenant. Tenants share
 * no objects, as an object's trace may name its other recipients. A mailbox that several recipients resolve to gets the first one's
 * copy.
 */
export function planObjects(destinations: readonly Destination[]): PlannedObject[] {
  const plans = new Map<string, Plan>()
  const taken = new Set<string>()
  for (const { recipient, tenantId, mailboxes, header = '' } of destinations) {
    for (const [junkReason, group] of Map.groupBy(mailboxes, (mailbox) => mailbox.junkReason ?? null)) {
      const key = `${tenantId}\n${header}\n${junkReason ?? ''}`
      const plan = plans.get(key) ?? { tenantId, header, junkReason, recipients: [], mailboxIds: [] }
      plans.set(key, plan)
      plan.recipients.push(recipient)
      for (const { id } of group) {
        if (taken.has(id)) continue
        taken.add(id)
        plan.mailboxIds.push(id)
      }
    }
  }
  return [...plans.values()].filter(({ mailboxIds }) => mailboxIds.length > 0)
}
