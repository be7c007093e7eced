import { z } from 'zod'
import { aliasAddress, anyAddress, id, label, page, wireBool } from '../../wire/index.ts'

/** An alias on the wire. */
export const aliasSchema = z.object({
  id: z.string(),
  address: z.string(),
  targets: z.array(z.string()),
  enabled: z.boolean(),
  /** Whether the owners of the mailboxes it leads to may send as its address. */
  may_send_as: z.boolean(),
  created_at: z.string(),
})
export type AliasWire = z.output<typeof aliasSchema>

const address = aliasAddress()
const targets = z.array(anyAddress()).min(1).max(100)

export const createAliasInput = z.strictObject({
  address,
  targets,
  enabled: wireBool().optional(),
  may_send_as: wireBool().optional(),
})

export const updateAliasInput = z.strictObject({
  id: id('als'),
  address: address.optional(),
  targets: targets.optional(),
  enabled: wireBool().optional(),
  may_send_as: wireBool().optional(),
})

export const aliasIdInput = z.strictObject({ id: id('als') })

export const listAliasesInput = z.strictObject({ ...page, q: label(320).optional(), domain_id: id('dom').optional() })
