import { databaseDirectory } from '@mairust/db/queries/directory'
import { type Destination, findDestination } from '@mairust/intake/transaction'
import { type Address, type AddressKey, formatAddress, recipientKey } from '@mairust/mail-core/address'
import { formatReply } from '@mairust/mail-core/smtp'
import type { ServiceContext } from '../../context.ts'
import { AppError, type ErrorDetail, invalidField } from '../../errors.ts'

/** A recipient, and the field that names it. */
export interface NamedRecipient {
  readonly field: string
  readonly address: Address
}

/** Where its mail goes. */
export interface FoundRecipient {
  readonly field: string
  readonly destination: Destination
}

/** Recipients that `lists` name, by their fields: `to.0`. */
export const namedIn = (lists: Readonly<Record<string, readonly Address[]>>): NamedRecipient[] =>
  Object.entries(lists).flatMap(([name, list]) => list.map((address, at) => ({ field: `${name}.${at}`, address })))

/**
 * Finds where the mail of each recipient goes, each once.
 * @param size bytes of the message
 * @throws AppError VALIDATION_ERROR that names every recipient who gets no mail, and why: nothing is sent then
 */
export const requireDestinations = async (
  ctx: ServiceContext,
  named: readonly NamedRecipient[],
  size: number,
): Promise<FoundRecipient[]> => {
  const distinct = new Map<AddressKey, NamedRecipient>()
  for (const one of named) {
    const key = recipientKey(one.address)
    if (!distinct.has(key)) distinct.set(key, one)
  }
  const { max_recipients: most } = ctx.config.smtp
  if (distinct.size === 0) throw invalidField('to', 'must name a recipient')
  if (distinct.size > most)
    throw invalidField('to', `names ${distinct.size} recipients with cc and bcc; at most ${most} can be`)
  const directory = databaseDirectory(ctx.db)
  const about = { size, senderTenantId: ctx.actor.tenantId }
  const refused: ErrorDetail[] = []
  const found: FoundRecipient[] = []
  for (const [key, { field, address }] of distinct) {
    const one = await findDestination({ key, path: address, notify: null, orcpt: null }, about, directory)
    if (one.kind === 'found') found.push({ field, destination: one.destination })
    else refused.push({ field, reason: `${formatAddress(address)}: ${formatReply(one.reply)}` })
  }
  if (refused.length === 0) return found
  throw new AppError('VALIDATION_ERROR', 'Not all recipients can get the message, so nothing was sent.', {
    details: refused,
  })
}
