import { z } from 'zod'
import { domainName, label, mailAddress } from '../../wire/index.ts'
import { newPassword } from '../user/schemas.ts'

const token = z.string().max(100)

export const setupStatusInput = z.strictObject({ token: token.optional() }).prefault({})

export const setupStatusSchema = z.object({
  /** Whether there is no administrator yet. */
  needed: z.boolean(),
  /** Whether the token is the one from the last start; false without a token. */
  token_valid: z.boolean(),
})
export type SetupStatusWire = z.output<typeof setupStatusSchema>

export const completeSetupInput = z.strictObject({
  token,
  email: mailAddress(),
  password: newPassword(),
  name: label(200).optional(),
  domain: domainName(),
  /** Address of the first mailbox; by default the local part of `email` in `domain`. */
  mailbox: mailAddress().optional(),
})

export const setupResultSchema = z.object({
  user_id: z.string(),
  domain_id: z.string(),
  mailbox_id: z.string(),
  mailbox_address: z.string(),
})
export type SetupResultWire = z.output<typeof setupResultSchema>
