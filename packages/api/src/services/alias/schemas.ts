import { z } from 'zod'
import {
  ADDRESS,
  aliasAddress,
  anyAddress,
  createdAt,
  flag,
  idOf,
  label,
  line,
  NAME_SEARCH,
  page,
  wireBool,
  wireId,
  word,
  type Words,
} from '../../wire/index.ts'

const TARGETS: Words = ['Addresses that its mail goes to.', ['hana@example.com']]
const ENABLED: Words = ['Whether it accepts mail.', true]
const MAY_SEND_AS: Words = ['Whether its local targets may send as this address.', false]

/** An alias on the wire. */
export const aliasSchema = z.object({
  id: wireId('als'),
  address: line(...ADDRESS),
  targets: word(z.array(z.string()), ...TARGETS),
  enabled: flag(...ENABLED),
  may_send_as: flag(...MAY_SEND_AS),
  created_at: createdAt,
})
export type AliasWire = z.output<typeof aliasSchema>

export const createAliasInput = z.strictObject({
  address: word(aliasAddress(), ...ADDRESS),
  targets: word(z.array(anyAddress()).min(1).max(100), ...TARGETS),
  enabled: word(wireBool(), ...ENABLED).optional(),
  may_send_as: word(wireBool(), ...MAY_SEND_AS).optional(),
})

export const updateAliasInput = createAliasInput.partial().extend({ id: idOf('als') })

/** The fields of an alias that a request may set. */
export type AliasFields = Omit<z.output<typeof updateAliasInput>, 'id'>

export const aliasIdInput = z.strictObject({ id: idOf('als') })

export const listAliasesInput = z.strictObject({
  ...page,
  q: word(label(320), ...NAME_SEARCH).optional(),
  domain_id: idOf('dom', 'The domain it belongs to.').optional(),
})
