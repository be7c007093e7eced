import { DMARC_OVERRIDES, DOMAIN_STATUSES } from '@mairust/db/schema'
import { z } from 'zod'
import {
  count,
  createdAt,
  domainName,
  flag,
  id,
  idOf,
  label,
  line,
  lineOrNull,
  NAME_SEARCH,
  page,
  wireBool,
  wireId,
  word,
} from '../../wire/index.ts'

const ALIAS_OF = 'The domain that this one is an alias of; null when it is not an alias.'

const DMARC =
  'What happens to mail to this domain that its author’s DMARC policy rejects: `enforce` refuses it, `junk` files it in Junk, `off` takes it as any other; null does what the server does. Mail that an alias elsewhere leads here is filed so, too.'

/** A domain on the wire. */
export const domainSchema = z.object({
  id: wireId('dom'),
  name: line('The domain in lower case, with A-labels for other scripts.', 'example.com'),
  status: word(z.enum(DOMAIN_STATUSES), '`pending` until its ownership is proved.', 'active'),
  alias_of_id: lineOrNull(ALIAS_OF),
  dmarc: word(z.enum(DMARC_OVERRIDES).nullable(), DMARC, null),
  created_at: createdAt,
})
export type DomainWire = z.output<typeof domainSchema>

const fields = {
  active: word(
    wireBool(),
    'Whether it accepts mail. Activating it without proof of ownership requires `domain:activate`.',
    true,
  ).optional(),
  alias_of_id: word(id('dom').nullable(), ALIAS_OF, null).optional(),
  dmarc: word(z.enum(DMARC_OVERRIDES).nullable(), DMARC, 'junk').optional(),
}

export const createDomainInput = z.strictObject({
  name: word(domainName(), 'The domain; other scripts are accepted too.', 'example.com'),
  ...fields,
})

export const updateDomainInput = z.strictObject({
  id: idOf('dom'),
  name: word(domainName(), 'Must be the current name: it cannot be changed.', 'example.com').optional(),
  ...fields,
})

/** The fields of a domain that a request may set. */
export type DomainFields = Omit<z.output<typeof updateDomainInput>, 'id'>

export const domainIdInput = z.strictObject({ id: idOf('dom') })

export const listDomainRecordsInput = z.strictObject({ ...page, id: idOf('dom') })

export const listDomainsInput = z.strictObject({ ...page, q: word(label(253), ...NAME_SEARCH).optional() })

/** A DNS record that the owner of a domain publishes, so that mail reaches it and its own mail is trusted. */
export const dnsRecordSchema = z.object({
  purpose: word(z.enum(['verification', 'mx', 'spf', 'dmarc']), 'What the record is for.', 'mx'),
  type: word(z.enum(['TXT', 'MX']), 'Type of the record.', 'MX'),
  name: line('Name of the record.', 'example.com'),
  value: line('Value of the record.', '10 mail.example.com.'),
  ttl: count('How long it may be cached, in seconds.', 3600),
})
export type DnsRecordWire = z.output<typeof dnsRecordSchema>

/** A domain after a check for its proof of ownership. */
export const verificationSchema = domainSchema.extend({
  verified: flag('Whether the proof was found.', true),
  expected: word(dnsRecordSchema, 'The record that proves ownership.'),
  found: word(z.array(z.string()), 'The TXT values found in DNS.', ['mairust-verify=…']),
})
export type VerificationWire = z.output<typeof verificationSchema>
