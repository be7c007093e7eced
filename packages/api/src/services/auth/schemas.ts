import { z } from 'zod'
import { PERMISSIONS } from '../../access/index.ts'
import { id, page, text } from '../../wire/index.ts'
import { userSchema } from '../user/schemas.ts'

export const loginInput = z.strictObject({
  email: text(320, 1),
  password: z.string().min(1).max(1024),
  totp: z.string().max(16).optional(),
})

/** Who is signed in, and what they may do. */
export const meSchema = userSchema.extend({
  /** By what the request was authenticated. */
  kind: z.enum(['user', 'api_key']),
  permissions: z.array(z.enum(PERMISSIONS)),
})
export type MeWire = z.output<typeof meSchema>

export const sessionSchema = z.object({
  id: z.string(),
  ip: z.string(),
  user_agent: z.string(),
  created_at: z.string(),
  last_seen_at: z.string(),
  expires_at: z.string(),
  current: z.boolean(),
})
export type SessionWire = z.output<typeof sessionSchema>

export const sessionIdInput = z.strictObject({ id: id('ses') })

export const listSessionsInput = z.strictObject(page)
