import { NARROWABLE_SCOPES, SCOPES } from '@mairust/db/schema'
import { z } from 'zod'
import { KEY_REASONS, KEY_STATUSES } from '../../auth/key-standing.ts'
import {
  createdAt,
  exampleId,
  idOf,
  label,
  line,
  lineOrNull,
  page,
  text,
  timeOrNull,
  timestamp,
  timeWords,
  wireId,
  word,
  type Words,
} from '../../wire/index.ts'

const NAME: Words = ['Name of the key.', 'Backup']
const SCOPE: Words = ['Name of the scope.', 'read']
const DOMAINS: Words = ['Names or ids of the domains that the scope is narrowed to.', ['example.com']]
const MAILBOXES: Words = ['Addresses or ids of the mailboxes that the scope is narrowed to.', ['hana@example.com']]
const KEY_SCOPES: Words = ['What the key may do: scopes, each unrestricted or narrowed to domains or mailboxes.']
const USER = 'The user it acts for.'
const EXPIRES = 'When it expires; null for never.'

const scopeName = z.enum(SCOPES)
const names = z.array(text(320, 1)).min(1).max(100)

/** A scope: its name, or its name narrowed to domains (names or ids) or mailboxes (addresses or ids). */
const scopeInput = z.union([
  scopeName,
  z.strictObject({
    scope: word(z.enum(NARROWABLE_SCOPES), ...SCOPE),
    domains: word(names, ...DOMAINS).optional(),
    mailboxes: word(names, ...MAILBOXES).optional(),
  }),
])

const scopeOutput = z.union([
  scopeName,
  z.object({
    scope: word(scopeName, ...SCOPE),
    domains: word(z.array(z.string()), ...DOMAINS).optional(),
    mailboxes: word(z.array(z.string()), ...MAILBOXES).optional(),
  }),
])

/** An API key on the wire, without its secret. */
export const apiKeySchema = z.object({
  id: wireId('key'),
  name: line(...NAME),
  prefix: line('The first characters of the key, to recognise it by.', 'mk_live_k3m5n7p9'),
  scopes: word(z.array(scopeOutput), ...KEY_SCOPES),
  user_id: wireId('usr', USER),
  /** Who vouches for the key: it never allows more than they may do now. */
  created_by: lineOrNull('The user who created it; null for the command line.', exampleId('usr')),
  status: word(
    z.enum(KEY_STATUSES),
    'Whether it works; `reduced` if its creator has lost some of the permissions that it was given.',
    'active',
  ),
  status_reason: word(
    z.enum(KEY_REASONS).nullable(),
    'Why the key is reduced or no longer works; null while it is active.',
    null,
  ),
  created_at: createdAt,
  expires_at: timeOrNull(EXPIRES),
  last_used_at: timeOrNull('When it was last used.'),
  last_used_ip: lineOrNull('IP address it was last used from.', '192.0.2.1'),
})
export type ApiKeyWire = z.output<typeof apiKeySchema>

/**
 * A key that was just created or rotated. `key` is shown only now, and stands before `prefix`, so that a search of the response for
 * `mk_live_` finds the key first.
 */
export const newApiKeySchema = z.object({
  id: wireId('key'),
  key: line('The key itself; it is shown only once.', 'mk_live_k3m5n7p9_…_0aB3xZ'),
  ...apiKeySchema.omit({ id: true }).shape,
})
export type NewApiKeyWire = z.output<typeof newApiKeySchema>

const fields = {
  name: word(label(200, 1), ...NAME),
  scopes: word(z.array(scopeInput).min(1).max(20), ...KEY_SCOPES),
  /** By default in 365 days. */
  expires_at: word(timestamp().nullable(), ...timeWords(EXPIRES)).optional(),
}

export const createApiKeyInput = z.strictObject({
  ...fields,
  /** By default the caller. */
  user_id: idOf('usr', USER).optional(),
})

export const updateApiKeyInput = z
  .strictObject(fields)
  .partial()
  .extend({ id: idOf('key') })

/** The fields of a key that a request may change. */
export type ApiKeyFields = Omit<z.output<typeof updateApiKeyInput>, 'id'>

export const apiKeyIdInput = z.strictObject({ id: idOf('key') })

export const listApiKeysInput = z.strictObject(page)
