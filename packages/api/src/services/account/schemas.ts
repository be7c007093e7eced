import { z } from 'zod'
import { count, label, line, lineOrNull, time, timeOrNull, wireBool, wireId, word } from '../../wire/index.ts'
import { NAME, PASSWORD, userSchema } from '../user/schemas.ts'

/** The caller's own account on the wire. */
export const accountSchema = userSchema
export type AccountWire = z.output<typeof accountSchema>

export const updateAccountInput = z.strictObject({ name: word(label(200), ...NAME).optional() })

export const changePasswordInput = z.strictObject({
  current_password: word(z.string().min(1).max(1024), 'The current password.', PASSWORD[1]),
  password: word(z.string().max(1024), ...PASSWORD),
  end_api_keys: word(
    wireBool(),
    'Send false to keep the API keys you created; otherwise they are revoked.',
    true,
  ).default(true),
})

/** The account after a change of its password, with the keys that the change revoked. */
export const passwordChangedSchema = accountSchema.extend({
  ended_api_keys: word(
    z.array(z.object({ id: wireId('key'), name: line('Name of the key.', 'backup') })),
    'The API keys that were revoked with the old password.',
  ),
})
export type PasswordChangedWire = z.output<typeof passwordChangedSchema>

/** Whether a user can sign in, with their latest attempts. */
export const signInSchema = z.object({
  user_id: wireId('usr', 'The user.'),
  email: userSchema.shape.email,
  suspended: userSchema.shape.suspended,
  locks: word(
    z.array(
      z.object({
        remote_address: lineOrNull('IP address that is locked out; null for all addresses.', '192.0.2.1'),
        until: time('When the lock-out ends.'),
      }),
    ),
    'Current lock-outs.',
  ),
  sessions: count('Number of open sessions.', 1),
  last_login_at: timeOrNull('When the user last signed in; null when unknown.'),
  recent: word(
    z.array(
      z.object({
        at: time('When it happened.'),
        action: line('What happened.', 'auth.login_failed'),
        reason: lineOrNull('Why a login was refused; null for other entries.', 'wrong_password'),
        via: lineOrNull(
          'Where the password was entered: `web`, `submission` or `account`; null for other entries.',
          'web',
        ),
        remote_address: line('IP address that the attempt or change came from.', '192.0.2.1'),
      }),
    ),
    'Logins, refused logins, lock-outs and password changes, latest first.',
  ),
})
export type SignInWire = z.output<typeof signInSchema>
