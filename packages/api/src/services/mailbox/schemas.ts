import { z } from 'zod'
import { id, label, mailAddress, page, wireInt } from '../../wire/index.ts'

/** The largest quota in MB: 1 PB. */
const MAX_QUOTA_MB = 1_073_741_824

/** A mailbox on the wire. Quota and use are in bytes; a null quota is no limit. */
export const mailboxSchema = z.object({
  id: z.string(),
  address: z.string(),
  display_name: z.string(),
  domain_id: z.string(),
  user_id: z.string().nullable(),
  quota_bytes: z.number().nullable(),
  used_bytes: z.number(),
  created_at: z.string(),
})
export type MailboxWire = z.output<typeof mailboxSchema>

const fields = {
  address: mailAddress(),
  user_id: id('usr').nullable().optional(),
  /** Megabytes of 1,048,576 bytes; null is no limit. */
  quota_mb: wireInt(1, MAX_QUOTA_MB).nullable().optional(),
  display_name: label(200).optional(),
}

export const createMailboxInput = z.strictObject(fields)

export const updateMailboxInput = z.strictObject({ ...fields, id: id('mbx'), address: fields.address.optional() })

export const mailboxIdInput = z.strictObject({ id: id('mbx') })

/** `source` is how whoever imports calls it: a path. */
export const importInput = z.strictObject({ id: id('mbx'), source: z.string().min(1).max(8192) })

export const listMailboxesInput = z.strictObject({
  ...page,
  q: label(320).optional(),
  domain_id: id('dom').optional(),
  user_id: id('usr').optional(),
})
