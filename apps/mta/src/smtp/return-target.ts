import type { Db } from '@mairust/db'
import { senderOfSent } from '@mairust/db/queries/returned-mail'
import { tenantScope } from '@mairust/db/queries/scope'
import { type Address, type AddressKey, addressKey, parseAddress } from '@mairust/mail-core/address'
import { isReturnPath, readReturnPath, type ReturnPathSettings } from '@mairust/mail-core/envelope'
import { type Directory, openDirectory, resolveRecipient } from '@mairust/mail-core/inbound'

/** Whose mail comes to a return path or a feedback address, and whom it goes to when it says nothing that we understand. */
export interface ReturnTarget {
  readonly tenantId: string
  readonly fallback: AddressKey
}

/** Null: the address is like any other. */
export type FindReturnTarget = (path: Address) => Promise<ReturnTarget | null>

interface ReturnTargetOptions {
  readonly db: Db
  readonly directory: Directory
  readonly settings: () => ReturnPathSettings
  /** Keys of addresses. */
  readonly feedbackAddresses: () => readonly string[]
  readonly now: () => number
}

/**
 * Tells return paths that we signed, within their life and about mail that we still know, from all other addresses: one that is not, or
 * not any more, is as unknown as any (O47).
 */
export function findReturnTargets({
  db,
  directory,
  settings,
  feedbackAddresses,
  now,
}: ReturnTargetOptions): FindReturnTarget {
  const receives = async (address: Address): Promise<boolean> => {
    // What comes back is filed even in a full mailbox: a failure must not be hidden.
    const decision = await resolveRecipient({ path: address, size: null }, openDirectory(directory))
    return decision.kind === 'accept' && decision.deliveries.length > 0
  }

  async function ofReturnPath(path: Address, tenantId: string): Promise<AddressKey | null> {
    const read = readReturnPath(path, settings(), new Date(now()))
    if (!read.ok) return null
    const sender = parseAddress((await senderOfSent(db, tenantScope(tenantId), read.subject)) ?? '')
    return sender.ok && (await receives(sender.value)) ? addressKey(sender.value) : null
  }

  async function ofFeedbackAddress(path: Address): Promise<AddressKey | null> {
    const keeper: Address = { ...path, localPart: 'postmaster' }
    for (const one of [path, keeper]) if (await receives(one)) return addressKey(one)
    return null
  }

  return async (path) => {
    const isFeedback = feedbackAddresses().includes(addressKey(path))
    if (path.literal || (!isFeedback && !isReturnPath(path, settings()))) return null
    const domain = await directory.domain(path.domain)
    if (domain?.status !== 'active') return null
    const { tenantId } = domain
    const fallback = isFeedback ? await ofFeedbackAddress(path) : await ofReturnPath(path, tenantId)
    return fallback === null ? null : { tenantId, fallback }
  }
}
