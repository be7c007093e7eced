import { ROLES } from '@mairust/db/schema'
import { z } from 'zod'
import { checkPassword } from '../../auth/password-policy.ts'
import { id, label, mailAddress, page, wireBool } from '../../wire/index.ts'

/** A user on the wire. */
export const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  suspended: z.boolean(),
  created_at: z.string(),
})
export type UserWire = z.output<typeof userSchema>

/** A password that is set, not one that is tried. */
export const newPassword = () =>
  z
    .string()
    .max(1024)
    .check(({ value, issues }) => {
      const problem = checkPassword(value)
      if (problem !== null) issues.push({ code: 'custom', input: value, message: problem })
    })

export const createUserInput = z.strictObject({
  email: mailAddress(),
  /** Left out, the user cannot sign in until one is set. */
  password: newPassword().optional(),
  name: label(200).optional(),
  role: z.enum(ROLES).optional(),
})

export const updateUserInput = z.strictObject({
  id: id('usr'),
  email: mailAddress().optional(),
  password: newPassword().optional(),
  name: label(200).optional(),
  role: z.enum(ROLES).optional(),
  suspended: wireBool().optional(),
})

export const resetPasswordInput = z.strictObject({ email: mailAddress(), password: newPassword() })

export const userIdInput = z.strictObject({ id: id('usr') })

export const listUsersInput = z.strictObject({ ...page, q: label(320).optional(), role: z.enum(ROLES).optional() })
