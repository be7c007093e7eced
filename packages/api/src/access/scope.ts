import { hasId, intersectIds, unionIds, type IdSet } from '@mairust/db/queries/id-set'

/** What an actor may see and change by one permission. */
export interface AccessScope {
  /** Mailboxes: their contents and their settings. */
  readonly mailboxIds: IdSet
  /** Domains with the mailboxes and aliases in them. */
  readonly domainIds: IdSet
  /** Domains, by name, whose users are theirs: by what follows the @ of the login name. */
  readonly userDomains: IdSet
}

/** Everything in the tenant. */
export const WHOLE_TENANT: AccessScope = { mailboxIds: 'all', domainIds: 'all', userDomains: 'all' }

/** Nothing at all. */
export const NOTHING: AccessScope = { mailboxIds: [], domainIds: [], userDomains: [] }

/** What both scopes hold. */
export const intersectScopes = (a: AccessScope, b: AccessScope): AccessScope => ({
  mailboxIds: intersectIds(a.mailboxIds, b.mailboxIds),
  domainIds: intersectIds(a.domainIds, b.domainIds),
  userDomains: intersectIds(a.userDomains, b.userDomains),
})

/** What either scope holds. */
export const uniteScopes = (a: AccessScope, b: AccessScope): AccessScope => ({
  mailboxIds: unionIds(a.mailboxIds, b.mailboxIds),
  domainIds: unionIds(a.domainIds, b.domainIds),
  userDomains: unionIds(a.userDomains, b.userDomains),
})

/** Whether the scope holds a mailbox. */
export const scopeHoldsMailbox = (scope: AccessScope, mailboxId: string): boolean => hasId(scope.mailboxIds, mailboxId)

/** Whether the scope holds a domain. */
export const scopeHoldsDomain = (scope: AccessScope, domainId: string): boolean => hasId(scope.domainIds, domainId)

/** Whether the scope holds the user with this login name. */
export const scopeHoldsUser = (scope: AccessScope, email: string): boolean =>
  hasId(scope.userDomains, emailDomain(email))

/** What follows the @ of a login name. */
export const emailDomain = (email: string): string => email.slice(email.lastIndexOf('@') + 1)
