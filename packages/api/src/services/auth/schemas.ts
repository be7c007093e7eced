import { z } from 'zod'
import { PERMISSIONS } from '../../access/index.ts'
import { createdAt, flag, idOf, line, page, text, time, wireId, word } from '../../wire/index.ts'
import { EMAIL, PASSWORD, userSchema } from '../user/schemas.ts'

export const loginInput = z.strictObject({
  email: word(text(320, 1), ...EMAIL),
  password: word(z.string().min(1).max(1024), ...PASSWORD),
  totp: word(z.string().max(16), 'One-time code, if the account requires one.', '123456').optional(),
})

/** Who is signed in, and what they may do. */
export const meSchema = userSchema.extend({
  kind: word(z.enum(['user', 'api_key']), 'How the request was authenticated.', 'user'),
  permissions: word(z.array(z.enum(PERMISSIONS)), 'Permissions of the caller.', ['message:read']),
})
export type MeWire = z.output<typeof meSchema>

export const sessionSchema = z.object({
  id: wireId('ses'),
  ip: line('IP address of the client.', '192.0.2.1'),
  user_agent: line('The User-Agent of the browser.', 'Mozilla/5.0'),
  created_at: createdAt,
  last_seen_at: time('When the session was last used.'),
  expires_at: time('When it expires.'),
  current: flag('Whether it is the session of this request.', true),
})
export type SessionWire = z.output<typeof sessionSchema>

export const sessionIdInput = z.strictObject({ id: idOf('ses') })

export const listSessionsInput = z.strictObject(page)
