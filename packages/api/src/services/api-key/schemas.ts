import { NARROWABLE_SCOPES, SCOPES } from '@mairust/db/schema'
import { z } from 'zod'
import { KEY_REASONS, KEY_STATUSES } from '../../auth/key-standing.ts'
import { id, label, page, text, timestamp } from '../../wire/index.ts'

const scopeName = z.enum(SCOPES)
const names = z.array(text(320, 1)).min(1).max(100)

/** A scope: its name, or its name narrowed to domains (names or ids) or mailboxes (addresses or ids). */
const scopeInput = z.union([
  scopeName,
  z.strictObject({ scope: z.enum(NARROWABLE_SCOPES), domains: names.optional(), mailboxes: names.optional() }),
])

const scopeOutput = z.union([
  scopeName,
  z.object({ scope: scopeName, domains: z.array(z.string()).optional(), mailboxes: z.array(z.string()).optional() }),
])

/** An API key on the wire, without its secret. */
export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** How the key begins, to tell it from others. */
  prefix: z.string(),
  scopes: z.array(scopeOutput),
  user_id: z.string(),
  /** Who vouches for it: it never holds more than they do now. Null for a key of the command line. */
  created_by: z.string().nullable(),
  status: z.enum(KEY_STATUSES),
  /** Why it has ended, or gives less than when it was made. */
  status_reason: z.enum(KEY_REASONS).nullable(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
  last_used_ip: z.string().nullable(),
})
export type ApiKeyWire = z.output<typeof apiKeySchema>

/**
 * A key that was just made or rotated: `key` is shown this once,
 * and before `prefix`, so that whoever searches the answer for `mk_live_` meets the key.
 */
export const newApiKeySchema = z.object({
  id: z.string(),
  key: z.string(),
  ...apiKeySchema.omit({ id: true }).shape,
})
export type NewApiKeyWire = z.output<typeof newApiKeySchema>

const fields = {
  name: label(200, 1),
  scopes: z.array(scopeInput).min(1).max(20),
  /** When it ends; left out, in 365 days; null never. */
  expires_at: timestamp().nullable().optional(),
}

export const createApiKeyInput = z.strictObject({
  ...fields,
  /** Whom it acts for; left out, whoever makes it. */
  user_id: id('usr').optional(),
})

export const updateApiKeyInput = z.strictObject({
  id: id('key'),
  name: fields.name.optional(),
  scopes: fields.scopes.optional(),
  expires_at: fields.expires_at,
})

export const apiKeyIdInput = z.strictObject({ id: id('key') })

export const listApiKeysInput = z.strictObject(page)
