import {
  JOURNEY_DIRECTIONS,
  JOURNEY_STATUSES,
  JOURNEY_STEP_KINDS,
  JOURNEY_STEP_RESULTS,
} from '@mairust/mail-core/journey'
import { z } from 'zod'
import {
  ADDRESS,
  count,
  exampleId,
  idOf,
  line,
  lineOrNull,
  page,
  text,
  time,
  timestamp,
  timeWords,
  wireId,
  word,
  type Words,
} from '../../wire/index.ts'

const DIRECTION: Words = ['Whether mail was received, submitted by a user, or made on this server.', 'inbound']
const STATUS: Words = ['The current status.', 'delivered']
const REMOTE: Words = ['IP address of the server or program that sent it.', '192.0.2.1']
const reply = line('The SMTP reply.', '250 2.0.0 Accepted')
const reason = lineOrNull('Why it was refused, such as `mailbox_full`; null if it was not.')

const stepSchema = z.object({
  at: time('When it happened.'),
  ms: count('Milliseconds since the journey began.', 12),
  kind: word(z.enum(JOURNEY_STEP_KINDS), 'Kind of step.', 'connect'),
  name: line('Name of the step.', 'connect'),
  result: word(z.enum(JOURNEY_STEP_RESULTS), 'Result of the step.', 'ok'),
  detail: line('More about the step.', ''),
  recipient: lineOrNull(
    'The recipient that the step is about; `*` for recipients that are not named; `@` and a domain for all mail that came to its mailboxes; null for the whole message.',
  ),
})

/** What happened to one SMTP transaction or API submission. */
export const journeySchema = z.object({
  id: wireId('jrn'),
  direction: word(z.enum(JOURNEY_DIRECTIONS), ...DIRECTION),
  status: word(z.enum(JOURNEY_STATUSES), ...STATUS),
  from: line('Envelope sender (reverse-path); empty for bounces.', 'ken@example.org'),
  to: word(z.array(z.string()), 'Envelope recipients that you may see: at most 20 in a list, else 1000.', [
    'hana@example.com',
  ]),
  started_at: time('When it began.'),
  remote_address: line(...REMOTE),
  helo: line('The name that the client gave in HELO or EHLO.', 'mail.example.org'),
  reply,
  reason,
  steps: word(
    z.array(stepSchema),
    'What happened, in order: at most 30 and the last in a list, without where addresses lead; else 1000.',
  ),
})
export type JourneyWire = z.output<typeof journeySchema>

/** A journey with the result for each recipient, and the messages that it stored. */
export const journeyDetailSchema = journeySchema.extend({
  recipients: word(
    z.array(
      z.object({
        address: line(...ADDRESS),
        status: word(z.enum(JOURNEY_STATUSES), ...STATUS),
        reply,
        reason,
      }),
    ),
    'The result for each recipient that you may see, at most 1000.',
  ),
  message_ids: word(z.array(z.string()), 'Ids of the stored messages that you may see.', [exampleId('msg')]),
})
export type JourneyDetailWire = z.output<typeof journeyDetailSchema>

export const listJourneysInput = z.strictObject({
  ...page,
  id: idOf('jrn').optional(),
  address: word(text(320, 1), 'Only journeys with this envelope sender or recipient.', 'hana@example.com').optional(),
  message_id: word(
    text(998, 1),
    'Only the journey of this message: its id here, or its Message-ID.',
    exampleId('msg'),
  ).optional(),
  status: word(z.enum(JOURNEY_STATUSES), ...STATUS).optional(),
  direction: word(z.enum(JOURNEY_DIRECTIONS), ...DIRECTION).optional(),
  remote_address: word(text(64, 1), ...REMOTE).optional(),
  reason: word(text(100, 1), 'Only journeys refused for this reason.', 'unknown').optional(),
  after: word(timestamp(), ...timeWords('Only journeys that began at or after this time.')).optional(),
  before: word(timestamp(), ...timeWords('Only journeys that began before this time.')).optional(),
})

export const journeyIdInput = z.strictObject({ id: idOf('jrn') })
