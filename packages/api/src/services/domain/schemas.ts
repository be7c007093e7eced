import { DMARC_OVERRIDES, DOMAIN_STATUSES, MTA_STS_MODES } from '@mairust/db/schema'
import { RECORD_PURPOSES, SENDER_RULES } from '@mairust/mail-core/dns-records/types'
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
  queryBool,
  wireBool,
  wireId,
  word,
} from '../../wire/index.ts'

const ALIAS_OF = 'The domain that this one is an alias of; null when it is not an alias.'

const DMARC =
  'What happens to mail to this domain that its author’s DMARC policy rejects: `enforce` refuses it, `junk` files it in Junk, `off` takes it as any other; null does what the server does. Mail that an alias elsewhere leads here is filed so, too.'

const MTA_STS =
  'What its MTA-STS policy asks of servers that send to it: `enforce` TLS with a valid certificate, `testing` to report failures only, `none` nothing; null does what the server does.'

/** A domain on the wire. */
export const domainSchema = z.object({
  id: wireId('dom'),
  name: line('The domain in lower case, with A-labels for other scripts.', 'example.com'),
  status: word(z.enum(DOMAIN_STATUSES), '`pending` until its ownership is proved.', 'active'),
  alias_of_id: lineOrNull(ALIAS_OF),
  dmarc: word(z.enum(DMARC_OVERRIDES).nullable(), DMARC, null),
  mta_sts: word(z.enum(MTA_STS_MODES).nullable(), MTA_STS, null),
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
  mta_sts: word(z.enum(MTA_STS_MODES).nullable(), MTA_STS, 'enforce').optional(),
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

export const listDomainRecordsInput = z.strictObject({
  ...page,
  id: idOf('dom'),
  check: word(
    queryBool(),
    'Whether to look the records up now, which takes up to 6 seconds while name servers do not answer; by default they are.',
    false,
  ).optional(),
})

export const listDomainsInput = z.strictObject({ ...page, q: word(label(253), ...NAME_SEARCH).optional() })

/** A DNS record that the owner of a domain publishes, so that mail reaches it and its own mail is trusted. */
export const dnsRecordSchema = z.object({
  purpose: word(z.enum(RECORD_PURPOSES), 'What the record is for.', 'mx'),
  type: word(z.enum(['TXT', 'MX', 'CNAME', 'PTR']), 'Type of the record.', 'MX'),
  name: line('Name of the record.', 'example.com'),
  value: line('Value of the record.', '10 mail.example.com.'),
  ttl: count('How long it may be cached, in seconds.', 3600),
})
export type DnsRecordWire = z.output<typeof dnsRecordSchema>

const STATUS =
  '`ok`: a record does what the expected one does; `missing`: there is none; `different`: there is another one, or too many; `error`: DNS did not answer. Null when it was not asked.'

/** A record with what DNS has. */
export const checkedRecordSchema = dnsRecordSchema.extend({
  required: flag('Whether mail suffers without it.', true),
  status: word(z.enum(['ok', 'missing', 'different', 'error']).nullable(), STATUS, 'ok'),
  found: word(z.array(z.string()), 'The values in DNS.', ['10 mail.example.com.']),
  note: lineOrNull('What to consider when publishing it.'),
})
export type CheckedRecordWire = z.output<typeof checkedRecordSchema>

/** A domain after a check for its proof of ownership. */
export const verificationSchema = domainSchema.extend({
  verified: flag('Whether the proof was found.', true),
  expected: word(dnsRecordSchema, 'The record that proves ownership.'),
  found: word(z.array(z.string()), 'The TXT values found in DNS.', ['mairust-verify=…']),
})
export type VerificationWire = z.output<typeof verificationSchema>

const VERDICT = '`pass`; `warn`: kept, but not as well as it could be; `fail`; `unknown`: DNS does not tell for now.'
const verdict = () => word(z.enum(['pass', 'warn', 'fail', 'unknown']), VERDICT, 'pass')

/** How a domain keeps the rules of the big providers. */
export const senderCheckSchema = z.object({
  domain: line('The domain.', 'example.com'),
  verdict: verdict(),
  checks: word(
    z.array(
      z.object({
        rule: word(z.enum(SENDER_RULES), 'The rule.', 'dkim'),
        verdict: verdict(),
        detail: line('What was found.', 'The RSA key has 2048 bits.'),
      }),
    ),
    'Each rule.',
  ),
})
