import type { Scope } from '@mairust/db/schema'
import type { Outcome } from './matrix.fixtures.ts'

/** The outcome of an operation on resources of a super_admin, by the caller's role in the same tenant. */
export interface Ranks {
  /** For the domain_admin of the domain that they are in. */
  domain_admin: Outcome
  tenant_admin: Outcome
  /** The scopes that each suffice alone, for a key of the super_admin; `any`: no scope is needed. */
  scopes: readonly (Scope | 'any')[]
}

const content = (scope: Scope): Ranks => ({ domain_admin: 'missing', tenant_admin: 'missing', scopes: [scope] })
const settingsOf = (...scopes: Scope[]): Ranks => ({ domain_admin: 'missing', tenant_admin: 'missing', scopes })
const tenantWide = (tenantAdmin: Outcome, ...scopes: Scope[]): Ranks => ({
  domain_admin: 'forbidden',
  tenant_admin: tenantAdmin,
  scopes,
})
const both = (outcome: Outcome, ...scopes: (Scope | 'any')[]): Ranks => ({
  domain_admin: outcome,
  tenant_admin: outcome,
  scopes,
})

/** One for each REST operation; a new operation without one fails the suite. */
export const RANKS: Record<string, Ranks> = {
  'account.get': both('own', 'admin'),
  // No single scope may change a login; neither on the next line.
  'account.update': both('own'),
  'account.password': both('own'),
  'aliases.list': both('own', 'read', 'admin'),
  'aliases.create': both('own', 'admin'),
  'aliases.get': both('own', 'read', 'admin'),
  'aliases.update': both('forbidden', 'admin'),
  'aliases.remove': both('forbidden', 'admin'),
  'apiKeys.list': tenantWide('own', 'admin'),
  // For a key with `read`, which a key with only `admin` cannot grant; so too for `apiKeys.update`.
  'apiKeys.create': tenantWide('forbidden'),
  'apiKeys.get': tenantWide('own', 'admin'),
  'apiKeys.update': tenantWide('missing'),
  'apiKeys.remove': tenantWide('missing', 'admin'),
  'apiKeys.rotate': tenantWide('missing', 'admin'),
  'audit.list': tenantWide('own', 'admin'),
  'auth.logout': both('own', 'any'),
  'auth.me': both('own', 'any'),
  'auth.sessions': both('empty', 'admin'),
  'auth.session': both('missing', 'admin'),
  'auth.removeSession': both('missing'),
  'domains.list': both('own', 'read', 'admin'),
  'domains.create': tenantWide('own', 'admin'),
  'domains.get': both('own', 'read', 'admin'),
  'domains.update': tenantWide('own', 'admin'),
  'domains.remove': tenantWide('forbidden', 'admin'),
  'domains.dns': both('own', 'read', 'admin'),
  'domains.senderCheck': both('own', 'read', 'admin'),
  'domains.dkim': both('own', 'read', 'admin'),
  'domains.rotateDkim': tenantWide('own', 'admin'),
  'domains.activateDkim': tenantWide('own', 'admin'),
  'domains.verify': tenantWide('own', 'admin'),
  'drafts.list': both('empty', 'read'),
  'drafts.create': content('write'),
  'drafts.get': content('read'),
  'drafts.update': content('write'),
  // It leaves Drafts, which no single scope allows too.
  'drafts.send': { domain_admin: 'missing', tenant_admin: 'missing', scopes: [] },
  'drafts.unschedule': content('send'),
  'drafts.remove': content('write'),
  'folders.list': settingsOf('read', 'admin'),
  'folders.get': settingsOf('read', 'admin'),
  'folders.create': content('write'),
  'folders.update': content('write'),
  'folders.remove': content('write'),
  'journeys.list': both('empty', 'read', 'admin'),
  'journeys.get': settingsOf('read', 'admin'),
  'mailboxes.list': both('empty', 'read', 'admin'),
  'mailboxes.create': both('own', 'admin'),
  'mailboxes.get': settingsOf('read', 'admin'),
  'mailboxes.update': settingsOf('admin'),
  'mailboxes.remove': settingsOf('admin'),
  'messages.list': both('empty', 'read'),
  'messages.get': content('read'),
  'messages.update': content('write'),
  'messages.remove': content('write'),
  'messages.move': content('write'),
  'messages.restore': content('write'),
  'messages.journey': settingsOf('read', 'admin'),
  'messages.batch': both('unchanged', 'write'),
  'queue.list': both('empty', 'read', 'admin'),
  'queue.batch': both('unchanged', 'send', 'admin'),
  'queue.get': settingsOf('read', 'admin'),
  'queue.retry': settingsOf('send', 'admin'),
  'queue.cancel': settingsOf('send', 'admin'),
  'queue.hold': settingsOf('admin'),
  'queue.release': settingsOf('admin'),
  'queue.bounce': settingsOf('admin'),
  'queue.pauses': both('own', 'admin'),
  'queue.pause': tenantWide('own', 'admin'),
  'queue.resume': tenantWide('own', 'admin'),
  'queue.shape': both('own', 'read', 'admin'),
  'queue.throttles': tenantWide('forbidden', 'admin'),
  'queue.lift': tenantWide('forbidden', 'admin'),
  'health.get': tenantWide('own', 'admin'),
  'send.message': both('forbidden', 'send'),
  // Each message is refused by itself.
  'send.batch': both('own', 'send'),
  'settings.get': tenantWide('own', 'admin'),
  'settings.update': tenantWide('own', 'admin'),
  // For all mail of the tenant, which a domain_admin does not manage.
  'suppressions.list': { domain_admin: 'empty', tenant_admin: 'own', scopes: ['read', 'admin'] },
  'suppressions.create': tenantWide('own', 'admin'),
  'suppressions.export': { domain_admin: 'empty', tenant_admin: 'own', scopes: ['read', 'admin'] },
  'suppressions.import': tenantWide('own', 'admin'),
  'suppressions.get': { domain_admin: 'missing', tenant_admin: 'own', scopes: ['read', 'admin'] },
  'suppressions.override': { domain_admin: 'missing', tenant_admin: 'own', scopes: ['admin'] },
  'suppressions.remove': { domain_admin: 'missing', tenant_admin: 'own', scopes: ['admin'] },
  'tags.list': both('own', 'read', 'admin'),
  'tags.create': both('own', 'write'),
  'tags.get': settingsOf('read', 'admin'),
  'tags.update': content('write'),
  'tags.remove': content('write'),
  'threads.get': content('read'),
  'users.list': both('own', 'read', 'admin'),
  // Also sets a password, which no single scope may.
  'users.create': tenantWide('own'),
  'users.get': { domain_admin: 'missing', tenant_admin: 'own', scopes: ['read', 'admin'] },
  'users.signIn': { domain_admin: 'missing', tenant_admin: 'own', scopes: ['read', 'admin'] },
  'users.update': { domain_admin: 'missing', tenant_admin: 'own', scopes: ['admin'] },
  'users.remove': { domain_admin: 'missing', tenant_admin: 'own', scopes: ['admin'] },
  'GET /domains/{id}/zone': both('own', 'read', 'admin'),
  'GET /messages/{id}/raw': content('read'),
  'GET /messages/{id}/attachments/{n}': content('read'),
}
