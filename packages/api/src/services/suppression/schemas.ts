import { SUPPRESSION_SCOPES } from '@mairust/db/names'
import { z } from 'zod'
import { LIMITS } from '../../contract/limits.ts'
import {
  ADDRESS,
  count,
  createdAt,
  domainName,
  id,
  label,
  line,
  lineOrNull,
  mailAddress,
  NAME_SEARCH,
  page,
  timeOrNull,
  timestamp,
  timeWords,
  wireId,
  wireInt,
  word,
  type Words,
} from '../../wire/index.ts'

const SCOPE: Words = [
  '`all`: no mail of the tenant goes to the address; `domain`: none from a domain; `stream`: none of a stream.',
  'all',
]
const DOMAIN: Words = ['The sending domain, for the scope `domain`.', 'example.com']
const STREAM: Words = ['The name of the stream, for the scope `stream`.', 'newsletter']
const REASON: Words = [
  'Why: the class of a refusal, such as `recipient_unknown`; `complaint`; or what somebody wrote, by default `manual`.',
  'manual',
]
const EXPIRES = 'When it ends; null: it does not.'

/** An address that gets no mail, on the wire. */
export const suppressionSchema = z.object({
  id: wireId('sup'),
  address: line(...ADDRESS),
  scope: word(z.enum(SUPPRESSION_SCOPES), ...SCOPE),
  domain: lineOrNull(DOMAIN[0]),
  stream: lineOrNull(STREAM[0]),
  reason: line(...REASON),
  detail: lineOrNull('The words of the server that led to it; null if none did.', '550 5.1.1 No such user'),
  journey_id: lineOrNull('Id of the journey of the mail that led to it.'),
  delivery_id: lineOrNull('Id of the delivery that led to it.'),
  by: line('Who asked for it; `system` if it follows from what a server said.', 'admin@example.com'),
  created_at: createdAt,
  expires_at: timeOrNull(EXPIRES),
  override_until: timeOrNull('Until when the next message gets through all the same; null: none does.'),
})
export type SuppressionWire = z.output<typeof suppressionSchema>

const about = {
  scope: word(z.enum(SUPPRESSION_SCOPES), ...SCOPE).optional(),
  domain: word(domainName(), ...DOMAIN).optional(),
  stream: word(label(LIMITS.stream, 1), ...STREAM).optional(),
}

export const createSuppressionInput = z.strictObject({
  address: word(mailAddress(), ...ADDRESS),
  ...about,
  reason: word(label(200, 1), ...REASON).optional(),
  expires_at: word(timestamp().nullable(), ...timeWords(EXPIRES)).optional(),
})
export type NewSuppressionWire = z.output<typeof createSuppressionInput>

export const listSuppressionsInput = z.strictObject({
  ...page,
  q: word(label(320), ...NAME_SEARCH).optional(),
  address: word(label(320, 1), ...ADDRESS).optional(),
  ...about,
  reason: word(label(200, 1), ...REASON).optional(),
})

const WHICH = 'The address, or the id of one of its suppressions.'

export const suppressionInput = z.strictObject({
  address: word(z.union([id('sup'), mailAddress()]), WHICH, 'hana@example.com'),
  ...about,
})
export type SuppressionChoice = z.output<typeof suppressionInput>

export const overrideSuppressionInput = suppressionInput.extend({
  hours: word(wireInt(1, 168), 'Hours in which it may be sent; 24 unless said otherwise.', 24, 'int64').optional(),
})

export const overrideSchema = z.object({
  suppressions: word(z.array(suppressionSchema), 'What the next message to the address gets through.'),
})

export const importSuppressionsInput = z.strictObject({
  suppressions: word(
    z.array(createSuppressionInput).min(1).max(LIMITS.batch),
    'As `GET /suppressions/export` has them.',
  ),
})

export const importedSchema = z.object({
  added: count('How many are new.', 2),
  updated: count('How many there were already, which have the given reason and end now.', 0),
})

export const exportSuppressionsInput = z.strictObject({ cursor: page.cursor })

/** A suppression as `POST /suppressions/import` takes it. */
export const exportedSchema = z.object({
  address: line(...ADDRESS),
  scope: word(z.enum(SUPPRESSION_SCOPES), ...SCOPE),
  domain: line(...DOMAIN).optional(),
  stream: line(...STREAM).optional(),
  reason: line(...REASON),
  expires_at: timeOrNull(EXPIRES),
})
