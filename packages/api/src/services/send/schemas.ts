import { z } from 'zod'
import { ERROR_STATUS, type ErrorCode } from '../../contract/errors.ts'
import { LIMITS } from '../../contract/limits.ts'
import {
  ADDRESS,
  base64Text,
  count,
  correspondent,
  idOf,
  line,
  lineOrNull,
  timestamp,
  whole,
  wireBool,
  wireId,
  word,
} from '../../wire/index.ts'
import { content, newAttachments } from '../draft/schemas.ts'

/** Why sending leaves no entry in the audit log. */
export const NOT_AUDITED = { none: 'its journey says who sent what to whom' } as const

const SENT_STATUSES = ['delivered', 'queued', 'suppressed', 'scheduled'] as const
export type SentStatus = (typeof SENT_STATUSES)[number]

const saveCopy = (unlessGiven: string) =>
  word(
    wireBool(),
    `Whether to keep a copy, which names the blind recipients too, in Sent of the sender's mailbox; ${unlessGiven} unless given.`,
    true,
  ).optional()

const sendAt = word(
  timestamp(),
  'When to send it, within a year; at once unless given. Until then it is a draft, which is sent as it is now: change the time with `POST /drafts/{id}/send`, cancel it with `POST /drafts/{id}/unschedule`. Whoever changes the draft schedules it anew.',
  '2026-01-31T12:00:00Z',
  'date-time',
).optional()

/** Fields that a raw message has in itself. */
const WRITTEN = [
  'cc',
  'bcc',
  'reply_to',
  'subject',
  'text',
  'html',
  'headers',
  'in_reply_to',
  'references',
  'attachments',
  'send_at',
] as const

export const sendInput = z
  .strictObject({
    ...content,
    from: word(
      correspondent(),
      'Who sends it, as text or as `{ name, address }`; bounces go there. You must own the address.',
      'Hana Sato <hana@example.com>',
    ),
    attachments: newAttachments,
    raw: word(
      base64Text(),
      'The whole message (RFC 5322) as base64, in place of all fields but `from` and `to`, its envelope: `to` names all recipients. Bcc fields are removed, a missing Date and Message-ID added, bare LF becomes CRLF; the rest is sent as it is.',
      'RnJvbTogaGFuYUBleGFtcGxlLmNvbQ0KVG86IGtlbkBleGFtcGxlLm9yZw0KU3ViamVjdDogRGlubmVyDQoNClNoYWxsIHdlPw0K',
    ).optional(),
    save_copy: saveCopy('no copy is kept'),
    send_at: sendAt,
  })
  .check(
    whole(({ value, issues }) => {
      if (value.raw !== undefined) {
        for (const name of WRITTEN) {
          if (value[name] === undefined) continue
          issues.push({ code: 'custom', path: [name], input: value[name], message: 'cannot be given beside `raw`' })
        }
      }
      const named = [value.to, value.cc, value.bcc].some((list) => !Array.isArray(list) || list.length > 0)
      const isNamed = [value.to, value.cc, value.bcc].some((list) => list !== undefined) && named
      if (!isNamed) issues.push({ code: 'custom', path: ['to'], input: value.to, message: 'must name a recipient' })
    }),
  )
export type SendInput = z.output<typeof sendInput>

export const sendDraftInput = z.strictObject({
  id: idOf('msg'),
  save_copy: saveCopy('a copy is kept'),
  send_at: sendAt,
})

/** A message that was taken to be sent. */
export const sentSchema = z.object({
  id: wireId('msg', 'Id of the copy in Sent, if one is kept; of a scheduled message, that of its draft.'),
  message_id: lineOrNull('Message-ID in its header, without angle brackets.', 'a1@example.com'),
  journey_id: wireId(
    'jrn',
    'Id of its journey, which tells what becomes of each recipient; of a scheduled message, once it is sent.',
  ),
  status: word(z.enum([...SENT_STATUSES, 'partial']), 'That of all recipients, or `partial` if they differ.', 'queued'),
  recipients: word(
    z.array(
      z.object({
        address: line(...ADDRESS),
        status: word(
          z.enum(SENT_STATUSES),
          '`delivered`: into mailboxes here; `queued`: on its way to another server, as `GET /queue/{id}` of its delivery tells; `suppressed`: not sent, as earlier mail to the address was refused; `scheduled`: to be sent at `send_at`.',
          'queued',
        ),
        delivery_id: word(
          z.string().nullable(),
          'Id of its delivery in the queue; null for who is here, and before it is sent.',
          'dlv_01jd4q8r6vf2s8x0k3m5n7p9tz',
        ),
      }),
    ),
    'Its recipients, each once.',
  ),
})
export type SentWire = z.output<typeof sentSchema>

/** A draft that is not to be sent any more. */
export const unscheduledSchema = z.object({
  id: wireId('msg'),
  scheduled: word(z.literal(false), 'Always false.', false),
})

export const sendBatchInput = z.strictObject({
  messages: word(
    z.array(sendInput).min(1).max(LIMITS.sendBatch),
    'The messages, each as for `POST /send`. One that is malformed refuses the call.',
  ),
})

const isErrorCode = (name: string): name is ErrorCode => Object.hasOwn(ERROR_STATUS, name)
const ERROR_CODES = Object.keys(ERROR_STATUS).filter(isErrorCode)

export const sentBatchSchema = z.object({
  sent: count('Number of messages that were taken.', 1),
  results: word(
    z.array(
      z.object({
        message: word(sentSchema.nullable(), 'The message; null if it was not taken.'),
        error: word(
          z
            .object({
              code: word(z.enum(ERROR_CODES), 'Error code.', 'VALIDATION_ERROR'),
              message: line('What happened.', 'The request is not valid.'),
              details: word(
                z.array(
                  z.object({
                    field: line('The field.', 'to.0'),
                    reason: line('What is wrong with it.', '550 5.1.1 No such mailbox here'),
                  }),
                ),
                'The fields that are wrong.',
              ),
            })
            .nullable(),
          'Why nothing of it was sent; null if it was.',
          null,
        ),
      }),
    ),
    'What became of each message, in their order.',
  ),
})
