import { z } from 'zod'
import { label } from '../../wire/index.ts'

const token = z.string().max(100)

export const setupStatusInput = z.strictObject({ token: token.optional() }).prefault({})

export const setupStatusSchema = z.object({
  /** Whether there is no administrator yet. */
  needed: z.boolean(),
  /** Whether the token is the one of the last start; false when none was given. */
  token_valid: z.boolean(),
})
export type SetupStatusWire = z.output<typeof setupStatusSchema>

export const completeSetupInput = z.strictObject({
  token,
  email: z.string().min(3).max(320),
  password: z.string().max(1024),
  name: label(200).optional(),
  domain: label(253, 1),
  /** Address of the first mailbox; left out, the local part of `email` in `domain`. */
  mailbox: z.string().min(3).max(320).optional(),
})

export const setupResultSchema = z.object({
  user_id: z.string(),
  domain_id: z.string(),
  mailbox_id: z.string(),
  mailbox_address: z.string(),
})
export type SetupResultWire = z.output<typeof setupResultSchema>
