import { ROLES } from '@mairust/db/schema'
import { z } from 'zod'
import { id, label, page, wireBool } from '../../wire/index.ts'

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

export const createUserInput = z.strictObject({
  email: z.string().min(3).max(320),
  password: z.string().max(1024),
  name: label(200).optional(),
  role: z.enum(ROLES).optional(),
})

export const updateUserInput = z.strictObject({
  id: id('usr'),
  email: z.string().min(3).max(320).optional(),
  password: z.string().max(1024).optional(),
  name: label(200).optional(),
  role: z.enum(ROLES).optional(),
  suspended: wireBool().optional(),
})

export const userIdInput = z.strictObject({ id: id('usr') })

export const listUsersInput = z.strictObject({ ...page, q: label(320).optional(), role: z.enum(ROLES).optional() })
