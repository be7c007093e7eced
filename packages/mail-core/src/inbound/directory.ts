import type { DmarcOverride } from '../auth/policy.ts'
import type { AddressKey } from '../address/index.ts'

/** A domain as the directory knows it. */
export interface DomainFacts {
  readonly id: string
  readonly tenantId: string
  /** Lower-case A-labels. */
  readonly name: string
  readonly status: 'pending' | 'active' | 'suspended'
  /** For a domain alias: the domain of the same tenant that it stands for. */
  readonly aliasOf?: string | null | undefined
  /** What it does about the DMARC policies of those who write to it; null: what the server does. */
  readonly dmarc?: DmarcOverride | null | undefined
}

/** What receiving needs to know of a mailbox. */
export interface MailboxFacts {
  readonly id: string
  readonly tenantId: string
  /** Comparison key (`addressKey`). */
  readonly address: string
  readonly suspended: boolean
  /** null: unlimited. */
  readonly quotaBytes: number | null
  readonly usedBytes: number
  /** The name of its owner's role; null without an owner. */
  readonly ownerRole: string | null
}

/** An alias; `targets` are addresses in any form. */
export interface AliasFacts {
  readonly id: string
  readonly tenantId: string
  readonly address: string
  readonly targets: readonly string[]
  readonly enabled: boolean
  /** Whether the owners of its target mailboxes may send as its address. */
  readonly maySendAs: boolean
}

export type AddressFacts =
  { readonly kind: 'mailbox'; readonly mailbox: MailboxFacts } | { readonly kind: 'alias'; readonly alias: AliasFacts }

/** The lookups needed to resolve a recipient. They reject on failure; the caller answers 451. */
export interface Directory {
  /** By lower-case A-label name, across tenants. */
  domain(name: string): Promise<DomainFacts | null>
  /** Whether there is any domain, of any tenant and status. */
  hasDomains(): Promise<boolean>
  /** Within one tenant; `catchAllKey` finds a domain's catch-all. */
  address(tenantId: string, key: AddressKey): Promise<AddressFacts | null>
  /** The mailbox for postmaster@ and abuse@: the oldest tenant administrator's. */
  postmaster(tenantId: string): Promise<MailboxFacts | null>
  /** For `<Postmaster>` without a domain: the tenant of the server's first administrator. */
  defaultTenant(): Promise<string | null>
}
