import type { AddressKey } from '@mairust/mail-core/address'

/** Where the copies of one envelope recipient go. */
export interface Destination {
  readonly recipient: AddressKey
  readonly tenantId: string
  readonly mailboxIds: readonly string[]
  /** Header lines, each with its CRLF, that verdicts about this recipient put on top. */
  readonly header?: string | undefined
}

/** An object to be stored: the message with one set of headers, for mailboxes of one tenant. */
export interface PlannedObject {
  readonly tenantId: string
  readonly header: string
  readonly recipients: readonly AddressKey[]
  /** Each once, in all objects of the plan. */
  readonly mailboxIds: readonly string[]
}

/**
 * Groups the recipients of a message into the fewest objects: one for each set of headers within a tenant, since tenants share no
 * object and an object's trace may name whom else it is for. A mailbox that several recipients lead to gets the first one's copy.
 */
export function planObjects(destinations: readonly Destination[]): PlannedObject[] {
  const plans = new Map<string, PlannedObject>()
  const taken = new Set<string>()
  for (const { recipient, tenantId, mailboxIds, header = '' } of destinations) {
    const fresh = mailboxIds.filter((id) => !taken.has(id))
    for (const id of fresh) taken.add(id)
    const key = `${tenantId}\n${header}`
    const plan = plans.get(key) ?? { tenantId, header, recipients: [], mailboxIds: [] }
    plans.set(key, {
      ...plan,
      recipients: [...plan.recipients, recipient],
      mailboxIds: [...plan.mailboxIds, ...fresh],
    })
  }
  return [...plans.values()].filter(({ mailboxIds }) => mailboxIds.length > 0)
}
