import { createId } from '@mairust/db'
import { PASSWORD } from '../testing/api.ts'
import type { World } from '../testing/world.ts'

type Id = keyof World['ids']

/**
 * What an operation answers a caller who must not reach the world's resources:
 * `missing` 404 · `forbidden` 403 · `empty` a list with nothing of the world's · `own` success, on the caller's own resources ·
 * `invalid` 422, because the body names something that the caller cannot see · `unchanged` 200, but nothing was changed
 */
export type Outcome = 'missing' | 'forbidden' | 'empty' | 'own' | 'invalid' | 'unchanged'

export interface Fixture {
  /** Which of the world's ids each path parameter gets. */
  path?: Record<string, Id>
  query?: (world: World) => Record<string, string>
  body?: (world: World) => Record<string, unknown>
  /** For a super_admin of another tenant. */
  foreign: Outcome
  /** For a user of the same tenant who owns nothing. */
  user: Outcome
}

const domain = { id: 'domain' } as const
const mailbox = { id: 'mailbox' } as const
const message = { id: 'message' } as const
const missing = { foreign: 'missing', user: 'missing' } as const
const administered = { foreign: 'missing', user: 'forbidden' } as const

/** The site that the world's mail goes to. */
export const siteOf = ({ ids }: World): string => `mx.${ids.domain.replace('_', '-')}.example`

interface NamedOperation {
  name: string
  pattern: string
}

/** The path parameters of an operation, with the world's ids. */
export const paramsOf = ({ name, pattern }: NamedOperation, { ids }: World): Record<string, string> =>
  Object.fromEntries(
    [...pattern.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => {
      const id = FIXTURES[name]?.path?.[parameter]
      // A parameter without an id is the number of an attachment.
      return [parameter, id === undefined ? '0' : ids[id]]
    }),
  )

/** The path and body of a request for the world's resources. */
export const requestOf = (
  operation: NamedOperation,
  world: World,
): { path: string; body: Record<string, unknown> | undefined } => {
  const params = paramsOf(operation, world)
  const path = operation.pattern.replaceAll(/\{(\w+)\}/g, (_all, parameter: string) => params[parameter] ?? '')
  const { query, body } = FIXTURES[operation.name] ?? {}
  const search = query === undefined ? '' : `?${new URLSearchParams(query(world)).toString()}`
  return { path: `${path}${search}`, body: body?.(world) }
}

/** One for each REST operation; a new operation without one fails the suite. */
export const FIXTURES: Record<string, Fixture> = {
  'account.get': { foreign: 'own', user: 'own' },
  'account.update': { body: () => ({ name: 'New name' }), foreign: 'own', user: 'own' },
  'account.password': {
    body: () => ({ current_password: PASSWORD, password: 'another quiet harbour', end_api_keys: false }),
    foreign: 'own',
    user: 'own',
  },
  'aliases.list': { foreign: 'empty', user: 'forbidden' },
  'aliases.create': {
    body: (w) => ({ address: `new@${w.mailbox.address.split('@')[1] ?? ''}`, targets: ['x@example.org'] }),
    foreign: 'invalid',
    user: 'forbidden',
  },
  'aliases.get': { path: { id: 'alias' }, ...administered },
  'aliases.update': { path: { id: 'alias' }, body: () => ({ enabled: false }), ...administered },
  'aliases.remove': { path: { id: 'alias' }, ...administered },
  'apiKeys.list': { foreign: 'empty', user: 'forbidden' },
  'apiKeys.create': {
    body: (w) => ({ name: 'stolen', scopes: ['read'], user_id: w.admin.id }),
    foreign: 'invalid',
    user: 'forbidden',
  },
  'apiKeys.get': { path: { id: 'key' }, ...administered },
  'apiKeys.update': { path: { id: 'key' }, body: () => ({ name: 'mine' }), ...administered },
  'apiKeys.remove': { path: { id: 'key' }, ...administered },
  'apiKeys.rotate': { path: { id: 'key' }, ...administered },
  'audit.list': { foreign: 'empty', user: 'forbidden' },
  'auth.logout': { foreign: 'own', user: 'own' },
  'auth.me': { foreign: 'own', user: 'own' },
  'auth.sessions': { foreign: 'empty', user: 'empty' },
  'auth.session': { path: { id: 'session' }, ...missing },
  'auth.removeSession': { path: { id: 'session' }, ...missing },
  'domains.list': { foreign: 'empty', user: 'forbidden' },
  'domains.create': { body: () => ({ name: 'own.example' }), foreign: 'own', user: 'forbidden' },
  'domains.get': { path: domain, ...administered },
  'domains.update': { path: domain, body: () => ({ active: false }), ...administered },
  'domains.remove': { path: domain, ...administered },
  'domains.dns': { path: domain, ...administered },
  'domains.senderCheck': { path: domain, ...administered },
  'domains.dkim': { path: domain, ...administered },
  'domains.rotateDkim': { path: domain, ...administered },
  'domains.activateDkim': { path: domain, body: () => ({ force: true }), ...administered },
  'domains.verify': { path: domain, ...administered },
  'drafts.list': { foreign: 'empty', user: 'empty' },
  'drafts.create': { body: (w) => ({ mailbox: w.ids.mailbox, subject: 'new' }), ...missing },
  'drafts.get': { path: { id: 'draft' }, ...missing },
  'drafts.update': { path: { id: 'draft' }, body: () => ({ subject: 'changed' }), ...missing },
  'drafts.send': { path: { id: 'draft' }, body: () => ({}), ...missing },
  'drafts.unschedule': { path: { id: 'draft' }, ...missing },
  'drafts.remove': { path: { id: 'draft' }, ...missing },
  'folders.list': { path: mailbox, ...missing },
  'folders.create': { path: mailbox, body: () => ({ name: 'Mine' }), ...missing },
  'folders.get': { path: { ...mailbox, folder_id: 'folder' }, ...missing },
  'folders.update': { path: { ...mailbox, folder_id: 'folder' }, body: () => ({ name: 'Mine' }), ...missing },
  'folders.remove': { path: { ...mailbox, folder_id: 'folder' }, ...missing },
  'journeys.list': { foreign: 'empty', user: 'empty' },
  'journeys.get': { path: { id: 'journey' }, ...missing },
  'mailboxes.list': { foreign: 'empty', user: 'empty' },
  'mailboxes.create': {
    body: (w) => ({ address: `newbox@${w.mailbox.address.split('@')[1] ?? ''}` }),
    foreign: 'invalid',
    user: 'forbidden',
  },
  'mailboxes.get': { path: mailbox, ...missing },
  'mailboxes.update': { path: mailbox, body: () => ({ display_name: 'x' }), ...administered },
  'mailboxes.remove': { path: mailbox, ...administered },
  'messages.list': { foreign: 'empty', user: 'empty' },
  'messages.get': { path: message, ...missing },
  'messages.update': { path: message, body: () => ({ seen: true }), ...missing },
  'messages.remove': { path: message, ...missing },
  'messages.move': { path: message, body: () => ({ folder: 'trash' }), ...missing },
  'messages.restore': { path: message, ...missing },
  'messages.journey': { path: message, ...missing },
  'messages.batch': {
    body: (w) => ({ ids: [w.ids.message], action: 'purge' }),
    foreign: 'unchanged',
    user: 'unchanged',
  },
  'queue.list': { foreign: 'empty', user: 'empty' },
  'queue.batch': {
    body: (w) => ({ ids: [w.ids.delivery], action: 'cancel' }),
    foreign: 'unchanged',
    user: 'unchanged',
  },
  'queue.get': { path: { id: 'delivery' }, ...missing },
  'queue.retry': { path: { id: 'delivery' }, ...missing },
  'queue.cancel': { path: { id: 'delivery' }, ...missing },
  'queue.hold': { path: { id: 'delivery' }, ...administered },
  'queue.release': { path: { id: 'delivery' }, ...administered },
  'queue.bounce': { path: { id: 'delivery' }, ...administered },
  'queue.pauses': { foreign: 'own', user: 'forbidden' },
  'queue.pause': { body: () => ({ scope: 'tenant' }), foreign: 'own', user: 'forbidden' },
  'queue.resume': { body: () => ({ scope: 'tenant' }), foreign: 'own', user: 'forbidden' },
  'queue.shape': { foreign: 'own', user: 'own' },
  'queue.throttles': { foreign: 'own', user: 'forbidden' },
  'queue.lift': { query: (w) => ({ site: siteOf(w), cause: 'dead' }), foreign: 'own', user: 'forbidden' },
  'health.get': { foreign: 'own', user: 'forbidden' },
  'send.message': {
    body: (w) => ({ from: w.mailbox.address, to: ['ken@far.example'] }),
    foreign: 'forbidden',
    user: 'forbidden',
  },
  'send.batch': {
    body: (w) => ({ messages: [{ from: w.mailbox.address, to: ['ken@far.example'] }] }),
    foreign: 'own',
    user: 'own',
  },
  'settings.get': { foreign: 'own', user: 'forbidden' },
  'settings.update': { body: () => ({ organization_name: 'Mine' }), foreign: 'own', user: 'forbidden' },
  'suppressions.list': { foreign: 'empty', user: 'forbidden' },
  'suppressions.create': {
    body: () => ({ address: `${createId('sup')}@example.org` }),
    foreign: 'own',
    user: 'forbidden',
  },
  'suppressions.export': { foreign: 'empty', user: 'forbidden' },
  'suppressions.import': {
    body: () => ({ suppressions: [{ address: 'imported@example.org' }] }),
    foreign: 'own',
    user: 'forbidden',
  },
  'suppressions.get': { path: { address: 'suppressed' }, ...administered },
  'suppressions.override': { path: { address: 'suppressed' }, ...administered },
  'suppressions.remove': { path: { address: 'suppressed' }, ...administered },
  'tags.list': { foreign: 'empty', user: 'empty' },
  'tags.create': { body: () => ({ name: 'mine' }), foreign: 'own', user: 'own' },
  'tags.get': { path: { id: 'tag' }, ...missing },
  'tags.update': { path: { id: 'tag' }, body: () => ({ name: 'theirs' }), ...missing },
  'tags.remove': { path: { id: 'tag' }, ...missing },
  'threads.get': { path: { id: 'thread' }, ...missing },
  'users.list': { foreign: 'empty', user: 'forbidden' },
  'users.create': {
    body: () => ({ email: 'new@example.net', password: 'a quiet harbour at dawn' }),
    foreign: 'own',
    user: 'forbidden',
  },
  'users.get': { path: { id: 'user' }, ...administered },
  'users.signIn': { path: { id: 'user' }, ...administered },
  'users.update': { path: { id: 'user' }, body: () => ({ name: 'x' }), ...administered },
  'users.remove': { path: { id: 'user' }, ...administered },
  'GET /domains/{id}/zone': { path: domain, ...administered },
  'GET /messages/{id}/raw': { path: message, ...missing },
  'GET /messages/{id}/attachments/{n}': { path: message, ...missing },
}
