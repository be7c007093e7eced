import { ROLES } from '@mairust/db/schema'
import { z } from 'zod'
import { checkPassword } from '../../auth/password-policy.ts'
import {
  createdAt,
  flag,
  idOf,
  label,
  line,
  mailAddress,
  NAME_SEARCH,
  page,
  wireBool,
  wireId,
  word,
  type Words,
} from '../../wire/index.ts'

export const EMAIL: Words = ['Email address that the user signs in with.', 'hana@example.com', 'email']
export const PASSWORD: Words = ['The password.', 'a quiet harbour at dawn']
export const NAME: Words = ['Display name.', 'Hana Sato']
const ROLE: Words = ['Role of the user.', 'user']
const SUSPENDED: Words = ['Whether the user is suspended: neither they nor their keys can sign in.', false]

/** A user on the wire. */
export const userSchema = z.object({
  id: wireId('usr'),
  email: line(...EMAIL),
  name: line(...NAME),
  role: word(z.enum(ROLES), ...ROLE),
  suspended: flag(...SUSPENDED),
  created_at: createdAt,
})
export type UserWire = z.output<typeof userSchema>

/** A new password, which must meet the policy; the password of a login need not. */
export const newPassword = () =>
  z
    .string()
    .max(1024)
    .check(({ value, issues }) => {
      const problem = checkPassword(value)
      if (problem !== null) issues.push({ code: 'custom', input: value, message: problem })
    })

export const createUserInput = z.strictObject({
  email: word(mailAddress(), ...EMAIL),
  /** Without one, the user cannot sign in until a password is set. */
  password: word(newPassword(), ...PASSWORD).optional(),
  name: word(label(200), ...NAME).optional(),
  role: word(z.enum(ROLES), ...ROLE).optional(),
})

export const updateUserInput = createUserInput
  .partial()
  .extend({ id: idOf('usr'), suspended: word(wireBool(), ...SUSPENDED).optional() })

/** The fields of a user that a request may set. */
export type UserFields = Omit<z.output<typeof updateUserInput>, 'id'>

export const resetPasswordInput = z.strictObject({ email: mailAddress(), password: newPassword() })

export const userIdInput = z.strictObject({ id: idOf('usr') })

export const listUsersInput = z.strictObject({
  ...page,
  q: word(label(320), ...NAME_SEARCH).optional(),
  role: word(z.enum(ROLES), ...ROLE).optional(),
})
