import { hasId, intersectIds, unionIds, type IdSet } from '@mairust/db/queries/id-set'

/** What a permission applies to. */
export interface AccessScope {
  /** Mailboxes: content and settings. */
  readonly mailboxIds: IdSet
  /** Domains, with their mailboxes and aliases. */
  readonly domainIds: IdSet
  /** Names of domains: applies to users whose login name is in one of them. */
  readonly userDomains: IdSet
}

/** Everything in the tenant. */
export const WHOLE_TENANT: AccessScope = { mailboxIds: 'all', domainIds: 'all', userDomains: 'all' }

/** Nothing at all. */
export const NOTHING: AccessScope = { mailboxIds: [], domainIds: [], userDomains: [] }

/** What both scopes contain. */
export const intersectScopes = (a: AccessScope, b: AccessScope): AccessScope => ({
  mailboxIds: intersectIds(a.mailboxIds, b.mailboxIds),
  domainIds: intersectIds(a.domainIds, b.domainIds),
  userDomains: intersectIds(a.userDomains, b.userDomains),
})

/** What either scope contains. */
export const uniteScopes = (a: AccessScope, b: AccessScope): AccessScope => ({
  mailboxIds: unionIds(a.mailboxIds, b.mailboxIds),
  domainIds: unionIds(a.domainIds, b.domainIds),
  userDomains: unionIds(a.userDomains, b.userDomains),
})

/** Whether the scope contains a mailbox. */
export const scopeHoldsMailbox = (scope: AccessScope, mailboxId: string): boolean => hasId(scope.mailboxIds, mailboxId)

/** Whether the scope contains a domain. */
export const scopeHoldsDomain = (scope: AccessScope, domainId: string): boolean => hasId(scope.domainIds, domainId)

/** Whether the scope contains the user with this login name. */
export const scopeHoldsUser = (scope: AccessScope, email: string): boolean =>
  hasId(scope.userDomains, emailDomain(email))

/** The domain of a login name. */
export const emailDomain = (email: string): string => email.slice(email.lastIndexOf('@') + 1)
