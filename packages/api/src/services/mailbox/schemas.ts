import { z } from 'zod'
import {
  ADDRESS,
  count,
  createdAt,
  exampleId,
  id,
  idOf,
  label,
  line,
  lineOrNull,
  mailAddress,
  NAME_SEARCH,
  page,
  wireId,
  wireInt,
  word,
  type Words,
} from '../../wire/index.ts'

const DOMAIN = 'The domain it belongs to.'
const OWNER = 'The user it belongs to; null when nobody owns it.'
const DISPLAY_NAME: Words = ['Sender name shown in mail from it.', 'Hana Sato']

/** The largest quota in MB: 1 PB. */
const MAX_QUOTA_MB = 1_073_741_824

/** A mailbox on the wire. Quota and usage are in bytes. */
export const mailboxSchema = z.object({
  id: wireId('mbx'),
  address: line(...ADDRESS),
  display_name: line(...DISPLAY_NAME),
  domain_id: wireId('dom', DOMAIN),
  user_id: lineOrNull(OWNER, exampleId('usr')),
  quota_bytes: word(z.number().nullable(), 'Quota in bytes; null for no limit.', 1_073_741_824, 'int64'),
  used_bytes: count('Bytes that its messages use.', 52_428_800),
  created_at: createdAt,
})
export type MailboxWire = z.output<typeof mailboxSchema>

export const createMailboxInput = z.strictObject({
  address: word(mailAddress(), ...ADDRESS),
  user_id: word(id('usr').nullable(), OWNER, exampleId('usr')).optional(),
  quota_mb: word(
    wireInt(1, MAX_QUOTA_MB).nullable(),
    'Quota in MB of 1,048,576 bytes; null for no limit.',
    1024,
    'int64',
  ).optional(),
  display_name: word(label(200), ...DISPLAY_NAME).optional(),
})

export const updateMailboxInput = createMailboxInput.partial().extend({ id: idOf('mbx') })

/** The fields of a mailbox that a request may set. */
export type MailboxFields = Omit<z.output<typeof updateMailboxInput>, 'id'>

export const mailboxIdInput = z.strictObject({ id: idOf('mbx') })

/** `source` says where the mail comes from, for the audit log: kind and path. */
export const importInput = z.strictObject({ id: id('mbx'), source: z.string().min(1).max(8192) })

export const listMailboxesInput = z.strictObject({
  ...page,
  q: word(label(320), ...NAME_SEARCH).optional(),
  domain_id: idOf('dom', DOMAIN).optional(),
  user_id: idOf('usr', 'The user it belongs to.').optional(),
})
