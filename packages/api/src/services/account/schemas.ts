import { z } from 'zod'
import { label, wireBool } from '../../wire/index.ts'
import { userSchema } from '../user/schemas.ts'

/** One's own account on the wire. */
export const accountSchema = userSchema
export type AccountWire = z.output<typeof accountSchema>

export const updateAccountInput = z.strictObject({ name: label(200).optional() })

export const changePasswordInput = z.strictObject({
  current_password: z.string().min(1).max(1024),
  password: z.string().max(1024),
  /** False keeps the keys that the user made; they end otherwise. */
  end_api_keys: wireBool().default(true),
})

/** The account after its password was changed, and what ended with the old one. */
export const passwordChangedSchema = accountSchema.extend({
  ended_api_keys: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type PasswordChangedWire = z.output<typeof passwordChangedSchema>

/** Whether a user can sign in, and what became of their latest attempts. */
export const signInSchema = z.object({
  user_id: z.string(),
  email: z.string(),
  suspended: z.boolean(),
  /** Locks that hold now; `remote_address` null: for every address. */
  locks: z.array(z.object({ remote_address: z.string().nullable(), until: z.string() })),
  sessions: z.number(),
  last_login_at: z.string().nullable(),
  /** Logins, refused ones, locks and new passwords, the latest first. */
  recent: z.array(
    z.object({
      at: z.string(),
      action: z.string(),
      /** `wrong_password` or `suspended` where a login was refused. */
      reason: z.string().nullable(),
      /** `web`, `submission`, or `account` where the present password was asked for. */
      via: z.string().nullable(),
      remote_address: z.string(),
    }),
  ),
})
export type SignInWire = z.output<typeof signInSchema>
