import type { Address } from '../address/index.ts'
import type { Directory } from './directory.ts'
import { openDirectory } from './open-directory.ts'
import { Resolution } from './resolution.ts'

/** The mailboxes that an address leads to. */
export interface Reached {
  readonly mailboxIds: string[]
  /** Whether there are more addresses, or longer chains, than mail follows: it is refused then. */
  readonly isTooLarge: boolean
  /** Whether one of the addresses is not of the tenant. */
  readonly leadsOutside: boolean
  /** The names of the roles of the mailboxes' owners, also of those that accept no mail now. */
  readonly ownerRoles: readonly string[]
}

/** Mailboxes that one of a tenant's addresses leads to, among the first 200 addresses, even if mail to it is refused. */
export async function mailboxesBehind(address: Address, tenantId: string, directory: Directory): Promise<Reached> {
  const resolution = new Resolution(tenantId, null, directory)
  await resolution.run(address)
  const { mailboxIds, isTooLarge, leadsOutside, ownerRoles } = resolution
  return { mailboxIds, isTooLarge, leadsOutside, ownerRoles }
}

/** The names of the roles of those whose mail one of a tenant's addresses is for, even if it is closed or an alias on the way is. */
export async function ownerRolesBehind(
  address: Address,
  tenantId: string,
  directory: Directory,
): Promise<readonly string[]> {
  return (await mailboxesBehind(address, tenantId, openDirectory(directory))).ownerRoles
}
