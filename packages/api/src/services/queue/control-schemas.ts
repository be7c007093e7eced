import { PAUSE_SCOPES } from '@mairust/db/names'
import { z } from 'zod'
import { count, line, lineOrNull, page, text, time, word, type Words } from '../../wire/index.ts'

const SCOPE: Words = ['What is paused: everything, a site, the tenant, or a sender.', 'sender']
const VALUE =
  'The `site` as in `GET /queue/throttles`, the id of the tenant, or the address of the sender; none for `all`.'
const SITE: Words = [
  'The mail servers of a domain as one destination, by their names or by provider.',
  'mx.example.org',
]

export const pauseSchema = z.object({
  scope: word(z.enum(PAUSE_SCOPES), ...SCOPE),
  value: lineOrNull(VALUE, 'hana@example.com'),
  by: lineOrNull('Who asked for it; null when you may not know.', 'admin@example.com'),
  created_at: time('Since when.'),
})
export type PauseWire = z.output<typeof pauseSchema>

export const pauseInput = z.strictObject({
  scope: word(z.enum(PAUSE_SCOPES), ...SCOPE),
  value: word(text(320, 1), `${VALUE} For \`tenant\` it may be left out.`, 'hana@example.com').optional(),
})

export const pausesSchema = z.object({ pauses: word(z.array(pauseSchema), 'What is paused, the oldest first.') })

/** Why a site gets less mail. */
const CAUSES = ['rate', 'block_list', 'dead'] as const
const CAUSE: Words = [
  '`rate`: it wants mail more slowly; `block_list`: it has our address on a list; `dead`: none of its servers answers.',
  'rate',
]

export const throttleSchema = z.object({
  site: line(...SITE),
  domain: line('A domain that it serves.', 'example.org'),
  source: lineOrNull('Our address that it concerns; null: all.', '198.51.100.1'),
  cause: word(z.enum(CAUSES), ...CAUSE),
  rule: lineOrNull('The rule that understood the answer; null if there was none.', 'greylisted'),
  reply: line('The words of the site, or ours about it.', '421 4.7.0 Too many messages'),
  since: time('Since when.'),
  until: time('Until when; then it is eased step by step, or tried again by one message.'),
  limits: word(
    z.object({
      concurrency: count('Connections at once; 0: none.', 2),
      per_minute: word(z.number().nullable(), 'Messages a minute; null: as many as wanted.', 60, 'int64'),
    }),
    'What it allows until then.',
  ),
})
export type ThrottleWire = z.output<typeof throttleSchema>

export const listThrottlesInput = z.strictObject(page)

export const liftThrottleInput = z.strictObject({
  site: word(text(128, 1), ...SITE),
  cause: word(z.enum(CAUSES), ...CAUSE),
  source: word(text(64, 1), 'Only for this address of ours.', '198.51.100.1').optional(),
})

export const liftedSchema = z.object({ lifted: count('How many throttles were undone.', 1) })

const agesSchema = z.object({
  total: count('Deliveries that wait, are tried or are held.', 3),
  ages: word(
    z.array(z.number()),
    'How many of them are in each span of `minutes`, and at the end how many are older.',
    [2, 1, 0, 0, 0, 0, 0, 0, 0, 0],
  ),
})

export const shapeSchema = agesSchema.extend({
  minutes: word(z.array(z.number()), 'The upper bounds of the spans, in minutes since the mail came.', [5, 10, 20]),
  domain_count: count('How many domains have mail that waits.', 1),
  domains: word(
    z.array(agesSchema.extend({ domain: line('Domain of the recipients.', 'example.org') })),
    'The 50 domains with the most mail, these first.',
  ),
})
