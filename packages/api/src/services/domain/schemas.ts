import { DOMAIN_STATUSES } from '@mairust/db/schema'
import { z } from 'zod'
import { domainName, id, label, page, wireBool } from '../../wire/index.ts'

/** A domain on the wire. */
export const domainSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(DOMAIN_STATUSES),
  /** The domain whose addresses are meant by this one's. */
  alias_of_id: z.string().nullable(),
  created_at: z.string(),
})
export type DomainWire = z.output<typeof domainSchema>

export const createDomainInput = z.strictObject({
  name: domainName(),
  active: wireBool().optional(),
  alias_of_id: id('dom').nullable().optional(),
})

export const updateDomainInput = z.strictObject({
  id: id('dom'),
  name: domainName().optional(),
  active: wireBool().optional(),
  alias_of_id: id('dom').nullable().optional(),
})

export const domainIdInput = z.strictObject({ id: id('dom') })

export const listDomainRecordsInput = z.strictObject({ ...page, id: id('dom') })

export const listDomainsInput = z.strictObject({ ...page, q: label(253).optional() })

/** A record that the owner of a domain publishes so that mail reaches it and is believed. */
export const dnsRecordSchema = z.object({
  purpose: z.enum(['verification', 'mx', 'spf', 'dmarc']),
  type: z.enum(['TXT', 'MX']),
  name: z.string(),
  value: z.string(),
  ttl: z.number(),
})
export type DnsRecordWire = z.output<typeof dnsRecordSchema>

/** A domain after a look for its proof. `found` are the TXT values that are there now. */
export const verificationSchema = domainSchema.extend({
  verified: z.boolean(),
  expected: dnsRecordSchema,
  found: z.array(z.string()),
})
export type VerificationWire = z.output<typeof verificationSchema>
