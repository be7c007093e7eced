import { ACTOR_KINDS } from '@mairust/db/schema'
import { z } from 'zod'
import {
  exampleId,
  label,
  line,
  lineOrNull,
  page,
  time,
  timestamp,
  timeWords,
  wireId,
  word,
  type Words,
} from '../../wire/index.ts'

const change = z.record(z.string(), z.unknown()).nullable()
const ACTION: Words = ['What was done: kind of resource and verb.', 'domain.create']

/** An entry of the audit log on the wire. */
export const auditEntrySchema = z.object({
  id: wireId('aud'),
  at: time('When it happened.'),
  actor: word(
    z.object({
      kind: word(z.enum(ACTOR_KINDS), 'Kind of actor.', 'user'),
      id: lineOrNull('Id of the user or key; null for the system.', exampleId('usr')),
      name: line('Email address, name of the key, or `system`.', 'hana@example.com'),
    }),
    'Who did it.',
  ),
  action: line(...ACTION),
  target: word(
    z.object({
      type: line('Kind of resource.', 'domain'),
      id: lineOrNull('Id of the resource; null when it has none.', exampleId('dom')),
    }),
    'What it was done to.',
  ),
  before: word(change, 'The state before the change; null when it was created, and for mail of a higher role.'),
  after: word(change, 'The state after the change; null when it was removed, and for mail of a higher role.'),
  ip: line('IP address of the client.', '192.0.2.1'),
  request_id: line('Id of the request, also in the log.', 'req_7c9e6679f8e04f2c9a1d2b3c4d5e6f70'),
})
export type AuditEntryWire = z.output<typeof auditEntrySchema>

export const listAuditInput = z.strictObject({
  ...page,
  action: word(label(100), ...ACTION).optional(),
  actor_id: word(label(64), 'Only what this user or key did.', exampleId('usr')).optional(),
  target_type: word(label(64), 'Only entries about this kind of resource.', 'domain').optional(),
  target_id: word(label(64), 'Only entries about this resource.', exampleId('dom')).optional(),
  after: word(timestamp(), ...timeWords('Only at or after this time.')).optional(),
  before: word(timestamp(), ...timeWords('Only before this time.')).optional(),
})
