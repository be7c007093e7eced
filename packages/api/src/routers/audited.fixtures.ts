import { tenantScope } from '@mairust/db/queries/scope'
import { createId } from '@mairust/db'
import { findMessage } from '@mairust/db/queries/message'
import { defineJob, enqueue, listJobs as queuedJobs } from '@mairust/db/queue'
import { makeDomain } from '@mairust/db/testing'
import { z } from 'zod'
import { userActor, WHOLE_TENANT } from '../access/index.ts'
import type { PublicContext, ServiceContext } from '../context.ts'
import { rawRoutes } from '../rest/raw-routes.ts'
import { routesOf } from '../rest/routes.ts'
import { FIXTURES, paramsOf } from './matrix.fixtures.ts'
import { systemContext } from '../runtime.ts'
import { PASSWORD, type TestApi } from '../testing/api.ts'
import { makeWorld, type World } from '../testing/world.ts'
import { appRouter } from '../trpc/root.ts'
import type { AnyVerb, Job } from '../verb/index.ts'
import * as services from '../services/index.ts'

/** A verb or a job: it declares its entry in the audit log. */
export type Audited = AnyVerb | Job<never, unknown>

/** The operation that calls each verb; it names the fixture too. */
const operations = new Map<unknown, { name: string; pattern: string }>([
  ...routesOf(appRouter).map(({ meta, procedure, pattern }) => [meta.verb, { name: procedure, pattern }] as const),
  ...rawRoutes.map(({ verb, method, pattern }) => [verb, { name: `${method} ${pattern}`, pattern }] as const),
])

const publicContext = (test: TestApi): PublicContext => ({
  ...test.runtime,
  requestId: 'req_test',
  ip: '192.0.2.10',
  userAgent: 'test',
})

/** A call whose preconditions are met, so that the test observes the call alone. */
type Prepared = () => Promise<unknown>

/** A job that waits. */
const makeJob = async ({ runtime: { db } }: TestApi): Promise<{ id: string }> => {
  const job = defineJob({ name: 'test', payload: z.strictObject({}) })
  await db.transaction((tx) => enqueue(tx, job, {}))
  const [made] = await queuedJobs(db, { name: 'test', limit: 1 })
  if (made === undefined) throw new Error('there is no job')
  return { id: made.id }
}

/** Calls of verbs that are not REST operations with a login. */
const WITHOUT_FIXTURE: Record<string, (test: TestApi, world: World) => Promise<unknown>> = {
  beginImport: (test, { admin, ids }) =>
    services.beginImport(systemContext(test.runtime, admin.tenantId), { id: ids.mailbox, source: 'maildir Mail' }),
  cancelJob: async (test, { admin }) =>
    services.cancelJob(systemContext(test.runtime, admin.tenantId), await makeJob(test)),
  retryJob: async (test, { admin }) =>
    services.retryJob(systemContext(test.runtime, admin.tenantId), await makeJob(test)),
  // As the command line does, for the owner of the mailbox.
  send: (test, { admin, mailbox }) =>
    services.send(systemContext(test.runtime, admin.tenantId), { from: mailbox.address, to: ['ken@far.example'] }),
  sendBatch: (test, { admin, mailbox }) =>
    services.sendBatch(systemContext(test.runtime, admin.tenantId), {
      messages: [{ from: mailbox.address, to: ['ken@far.example'] }],
    }),
  sendDraft: async (test, { admin, adminKey, ids, mailbox }) => {
    const body = { from: mailbox.address, to: ['ken@far.example'] }
    await test.send('PATCH', `/drafts/${ids.draft}`, { as: adminKey, body })
    return services.sendDraft(systemContext(test.runtime, admin.tenantId), { id: ids.draft })
  },
  sendScheduled: async (test, { admin, adminKey, ids, mailbox }) => {
    const body = { from: mailbox.address, to: ['ken@far.example'] }
    await test.send('PATCH', `/drafts/${ids.draft}`, { as: adminKey, body })
    const scope = { ...tenantScope(admin.tenantId), mailboxIds: 'all' as const }
    await services.sendScheduled(test.runtime, {
      tenant_id: admin.tenantId,
      draft_id: ids.draft,
      blob_key: (await findMessage(test.runtime.db, scope, ids.draft))?.blobKey ?? '',
      user_id: admin.id,
      journey_id: createId('jrn'),
      save_copy: true,
    })
  },
  unscheduleDraft: async (test, { admin, adminKey, ids, mailbox }) => {
    const body = { from: mailbox.address, to: ['ken@far.example'] }
    await test.send('PATCH', `/drafts/${ids.draft}`, { as: adminKey, body })
    const sendAt = new Date(Date.now() + DAYS).toISOString()
    await test.send('POST', `/drafts/${ids.draft}/send`, { as: adminKey, body: { send_at: sendAt } })
    return services.unscheduleDraft(systemContext(test.runtime, admin.tenantId), { id: ids.draft })
  },
  listJobs: (test, { admin }) => services.listJobs(systemContext(test.runtime, admin.tenantId), {}),
  login: (test, { admin }) => services.login(publicContext(test), { email: admin.email, password: PASSWORD }),
  resetPassword: (test, { admin }) =>
    services.resetPassword(systemContext(test.runtime, admin.tenantId), {
      email: admin.email,
      password: 'another quiet harbour',
    }),
  getSetupStatus: (test) => services.getSetupStatus(publicContext(test), {}),
}

const DAYS = 86_400_000

/** Calls that affect the whole installation: each gets a database of its own. */
export const INSTALLATION_WIDE: Record<string, (test: TestApi) => Promise<Prepared>> = {
  advanceDkimKeys: async (test) => {
    const { ids, admin } = await makeWorld(test)
    await services.renewDkimKeys(test.runtime, 0)
    const keys = await services.listDkimKeys(systemContext(test.runtime, admin.tenantId), { id: ids.domain })
    for (const { record_name: name, record } of keys.data) test.dns.txt(name, record)
    return () => services.advanceDkimKeys(test.runtime)
  },
  renewDkimKeys: async (test) => {
    await makeWorld(test)
    return () => services.renewDkimKeys(test.runtime, 0)
  },
  bootstrapAdmin: ({ runtime }) =>
    Promise.resolve(() => services.bootstrapAdmin(runtime, { email: 'boss@corp.example', password: PASSWORD })),
  completeSetup: async (test) => {
    const token = (await services.issueSetupToken(test.runtime)) ?? ''
    const wanted = { token, email: 'boss@corp.example', password: PASSWORD, domain: 'corp.example' }
    return () => services.completeSetup(publicContext(test), wanted)
  },
  ensureDefaultTenant: ({ runtime: { db, now } }) => Promise.resolve(() => services.ensureDefaultTenant(db, now())),
  issueSetupToken: ({ runtime }) => Promise.resolve(() => services.issueSetupToken(runtime)),
  pruneDomains: async (test) => {
    await makeDomain(test.database.db, tenantScope((await test.user()).tenantId), { status: 'pending' })
    test.clock.now = new Date(Date.now() + 31 * DAYS)
    return () => services.pruneDomains(test.runtime)
  },
  pruneSignIn: async (test) => {
    await makeWorld(test)
    test.clock.now = new Date(Date.now() + 366 * DAYS)
    return () => services.pruneSignIn(test.runtime)
  },
}

/** Preconditions of operations. */
const PREPARED: Record<string, (test: TestApi, world: World) => Promise<unknown>> = {
  'messages.restore': (test, { ids, adminKey }) => test.send('DELETE', `/messages/${ids.message}`, { as: adminKey }),
  'domains.remove': async (test, { ids, adminKey }) => {
    await test.send('DELETE', `/aliases/${ids.alias}`, { as: adminKey })
    await test.send('DELETE', `/mailboxes/${ids.mailbox}`, { as: adminKey })
  },
  'domains.activateDkim': (test, { ids, adminKey }) =>
    test.send('POST', `/domains/${ids.domain}/dkim/rotation`, { as: adminKey }),
  'queue.release': (test, { ids, adminKey }) => test.send('POST', `/queue/${ids.delivery}/hold`, { as: adminKey }),
  'queue.resume': (test, { adminKey }) =>
    test.send('POST', '/queue/pause', { as: adminKey, body: { scope: 'tenant' } }),
  'domains.verify': async (test, world) => {
    const as = world.adminKey
    const pending = await test.send('POST', '/domains', { as, body: { name: 'pending.example' } })
    world.ids.domain = pending.data['id'] ?? ''
    const dns = await test.send('GET', `/domains/${world.ids.domain}/dns`, { as })
    test.dns.txt('_mairust-verify.pending.example', dns.items[0]?.['value'] ?? '')
  },
}

/**
 * Prepares the call of a verb as its operation makes it. Calls about sessions use the caller's own; all others act on another user's
 * mail, because changes to one's own are not audited.
 */
export const prepare = async (test: TestApi, world: World, [name, verb]: [string, Audited]): Promise<Prepared> => {
  const operation = operations.get(verb)
  const call = WITHOUT_FIXTURE[name]
  if (call !== undefined) return () => call(test, world)
  if (operation === undefined) throw new Error(`no fixture says how to call ${name}`)
  await PREPARED[operation.name]?.(test, world)
  const own = operation.name.startsWith('auth.')
  const user = own ? world.admin : await test.user({ role: 'super_admin' }, world.admin.tenantId)
  const actor = userActor(user, WHOLE_TENANT, own ? world.ids.session : null)
  const ctx: ServiceContext = { ...test.runtime, requestId: 'req_test', ip: '192.0.2.10', actor }
  const { query, body } = FIXTURES[operation.name] ?? {}
  const input = { ...paramsOf(operation, world), ...query?.(world), ...body?.(world) }
  // Cast: the fixtures know which input each verb takes; the matrix, which runs them all, proves it.
  const run = verb as unknown as (ctx: ServiceContext, input: object) => Promise<unknown>
  return () => run(ctx, input)
}
