import { DELIVERY_ACTIONS } from '@mairust/db/names'
import { ATTEMPT_RESULTS, DELIVERY_STATES } from '@mairust/db/schema'
import { z } from 'zod'
import { LIMITS } from '../../contract/limits.ts'
import {
  count,
  createdAt,
  exampleId,
  flag,
  idOf,
  line,
  lineOrNull,
  page,
  text,
  time,
  timeOrNull,
  whole,
  wireId,
  word,
  type Words,
} from '../../wire/index.ts'

const STATE: Words = [
  '`queued`: not tried yet; `sending`: being tried; `deferred`: to be tried again; `held`: waits until it is released; the others are ends.',
  'deferred',
]
const SENDER = 'Whom a bounce goes to; empty for nobody.'

/** The delivery of a message to one recipient on another server. */
export const deliverySchema = z.object({
  id: wireId('dlv'),
  message_id: lineOrNull('Message-ID in the header, without angle brackets; null if there is none.', 'a1@example.com'),
  journey_id: wireId('jrn', 'Id of the journey of the message.'),
  sender: line(SENDER, 'hana@example.com'),
  recipient: line('Address that it goes to.', 'ken@example.org'),
  domain: line('Domain of the recipient, in ASCII.', 'example.org'),
  state: word(z.enum(DELIVERY_STATES), ...STATE),
  attempts: count('Attempts so far, the current one included.', 1),
  next_attempt_at: timeOrNull('When it is tried next; null unless it is queued or deferred.'),
  expires_at: time('When it is given up.'),
  last_reply: lineOrNull('The last words of the other server, or ours about it; null before the first attempt.'),
  created_at: createdAt,
})
export type DeliveryWire = z.output<typeof deliverySchema>

const attemptSchema = z.object({
  number: count('Number of the attempt, from 1.', 1),
  started_at: time('When it began.'),
  ended_at: timeOrNull('When it ended; null while it runs, or if the server died meanwhile.'),
  result: word(
    z.enum(ATTEMPT_RESULTS).nullable(),
    '`again`: the other server wanted it in a transaction of its own; null while it runs, or if the server died meanwhile.',
    'deferred',
  ),
  host: lineOrNull('The server that had the last word; null if none was reached.', 'mx.example.org'),
  address: lineOrNull('Its IP address.', '192.0.2.1'),
  tls: lineOrNull('How the connection was encrypted; null if it was not.', 'TLSv1.3'),
  reply: lineOrNull('What it said, or we about it.', '450 4.2.0 Greylisted'),
  conversation: lineOrNull('What was said, in order; secrets and the message itself are left out.'),
})

/** A delivery with its attempts. */
export const deliveryDetailSchema = deliverySchema.extend({
  reason: lineOrNull('The class of the last refusal, such as `mailbox_full`; null if there was none.', 'greylisted'),
  history: word(z.array(attemptSchema), 'The attempts, the oldest first: the last 100.'),
})
export type DeliveryDetailWire = z.output<typeof deliveryDetailSchema>

export const deliveryIdInput = z.strictObject({ id: idOf('dlv') })

const filter = {
  state: word(z.enum(DELIVERY_STATES), ...STATE).optional(),
  domain: word(text(255, 1), 'Domain of the recipient.', 'example.org').optional(),
  recipient: word(text(320, 1), 'Address of the recipient.', 'ken@example.org').optional(),
  sender: word(text(320), SENDER, 'hana@example.com').optional(),
  journey_id: idOf('jrn', 'Id of the journey of the message.').optional(),
}
const filterSchema = z.strictObject(filter)
export type QueueFilter = z.output<typeof filterSchema>

export const listQueueInput = z.strictObject({ ...page, ...filter })

export const batchQueueInput = z
  .strictObject({
    ids: word(z.array(text(64)).min(1).max(LIMITS.batch), 'Ids of the deliveries.', [exampleId('dlv')]).optional(),
    filter: word(
      filterSchema,
      'All deliveries that match, at most 1000 in a call. Without conditions: all.',
    ).optional(),
    action: word(z.enum(DELIVERY_ACTIONS), 'What to do with each delivery.', 'retry'),
  })
  .check(
    whole(({ value, issues }) => {
      if ((value.ids === undefined) !== (value.filter === undefined)) return
      issues.push({ code: 'custom', path: ['ids'], input: value, message: 'is required, or else `filter`' })
    }),
  )

export const batchQueueSchema = z.object({
  updated: count('Number of deliveries that were changed.', 1),
  failed: word(
    z.array(z.object({ id: wireId('dlv'), code: line('Error code that says why.', 'CONFLICT') })),
    'Deliveries named in `ids` that were not changed, and why.',
  ),
  has_more: flag('Whether more match the filter: repeat the call.', false),
})
