import { parseAddress, parseDomain } from '@mairust/mail-core/address'
import { z } from 'zod'

const NOT_AN_ADDRESS = { error: 'must be an email address' }

const isAddress = (text: string): boolean => {
  const parsed = parseAddress(text.trim())
  return parsed.ok && !parsed.value.literal
}

/** The address of a mailbox or login: no `*@domain`, no address literal. Services convert it to its stored form. */
export const mailAddress = () =>
  z
    .string()
    .max(320)
    .refine((text) => isAddress(text) && !text.trim().startsWith('*@'), NOT_AN_ADDRESS)

/** The address of an alias; also `*@domain`, the catch-all of a domain. */
export const aliasAddress = () =>
  z
    .string()
    .max(320)
    .refine((text) => {
      const trimmed = text.trim()
      return trimmed.startsWith('*@') ? parseDomain(trimmed.slice(2)).ok : isAddress(trimmed)
    }, NOT_AN_ADDRESS)

/** Any email address, such as the target of an alias. */
export const anyAddress = () => z.string().max(320).refine(isAddress, NOT_AN_ADDRESS)

/** A domain name. */
export const domainName = () =>
  z
    .string()
    .trim()
    .max(253)
    .refine((text) => parseDomain(text).ok, { error: 'must be a domain name such as example.com' })
