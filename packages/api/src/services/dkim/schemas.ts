import { DKIM_ALGORITHMS, DKIM_KEY_STATES } from '@mairust/db/schema'
import { z } from 'zod'
import { createdAt, idOf, line, listOutput, page, timeOrNull, wireBool, wireId, word } from '../../wire/index.ts'

const STATE =
  '`pending`: its record is to be published; it does not sign yet. `active`: it signs. `retired`: it no longer signs, but its record stays published until its signatures have expired.'

/** A key on the wire; its private half never is. */
export const dkimKeySchema = z.object({
  id: wireId('dkim'),
  selector: line('The selector: the first part of the record’s name.', 'r260131k3f9'),
  algorithm: word(z.enum(DKIM_ALGORITHMS), 'The algorithm of its signatures.', 'rsa-sha256'),
  state: word(z.enum(DKIM_KEY_STATES), STATE, 'active'),
  record_name: line('Name of its TXT record.', 'r260131k3f9._domainkey.example.com'),
  record: line('Value of its TXT record.', 'v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A…'),
  created_at: createdAt,
  activated_at: timeOrNull('When it began to sign.'),
  retired_at: timeOrNull('When it signed no more.'),
})
export type DkimKeyWire = z.output<typeof dkimKeySchema>

export const dkimKeysSchema = listOutput(dkimKeySchema)

export const listDkimKeysInput = z.strictObject({ ...page, id: idOf('dom') })

export const rotateDkimKeysInput = z.strictObject({ id: idOf('dom') })

export const activateDkimKeysInput = z.strictObject({
  id: idOf('dom'),
  force: word(
    wireBool(),
    'Whether to use the keys even if their records are not in DNS as this server sees it. Mail then fails DKIM elsewhere until they are.',
    false,
  ).optional(),
})

/** The keys of a domain after a change. */
export const dkimKeyListSchema = z.object({
  keys: word(z.array(dkimKeySchema), 'All keys of the domain, oldest first.'),
})
