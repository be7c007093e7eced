import { createId, type Database } from '@mairust/db'
import { acceptMessages } from '@mairust/db/queries/accept'
import { tenantScope } from '@mairust/db/queries/scope'
import type { UserRow } from '@mairust/db/queries/user'
import type { Role } from '@mairust/db/schema'
import { makeDomain, makeOutgoing, type OutgoingOverrides } from '@mairust/db/testing'
import { type Answer, makeTestApi, type TestApi } from './api.ts'

/** Those who use the queue: one of each role, and another user. */
export type Person = Role | 'other'
const PEOPLE = ['super_admin', 'tenant_admin', 'domain_admin', 'user', 'other'] as const

/** A tenant whose people send to a domain elsewhere, by which what they sent is told apart. */
export interface QueueWorld {
  readonly test: TestApi
  readonly domain: { readonly id: string; readonly name: string; readonly tenantId: string }
  readonly far: string
  readonly who: (person: Person) => { user: UserRow; as: string }
  /** Queues a message that somebody submitted as the address of their login, for these names in `far`. */
  readonly submit: (
    by: Person,
    names: readonly string[],
    given?: OutgoingOverrides,
  ) => Promise<{ journeyId: string; ids: string[] }>
  readonly send: (as: Person, method: string, path: string, body?: unknown) => Promise<Answer>
  /** The names of the recipients in `far` that somebody sees, sorted. */
  readonly listed: (as: Person, search?: string) => Promise<(string | undefined)[]>
}

/** Makes a new world in a test database. */
export const makeQueueWorld = async (database: Database): Promise<QueueWorld> => {
  const test = makeTestApi(database)
  const top = await test.user({ role: 'super_admin' })
  const domain = await makeDomain(database.db, tenantScope(top.tenantId))
  const far = `${createId('dlv').slice(4)}.example`
  const people = new Map<Person, { user: UserRow; as: string }>()
  for (const name of PEOPLE) {
    const role = name === 'other' ? 'user' : name
    const user = await test.user({ role, email: `${name}@${domain.name}` }, top.tenantId)
    people.set(name, { user, as: await test.key(user) })
  }
  const who: QueueWorld['who'] = (person) => {
    const found = people.get(person)
    if (found === undefined) throw new Error(`nobody is ${person}`)
    return found
  }
  const send: QueueWorld['send'] = (as, method, path, body) =>
    test.send(method, path, { as: who(as).as, ...(body === undefined ? {} : { body }) })
  return {
    test,
    domain,
    far,
    who,
    send,
    submit: async (by, names, given = {}) => {
      const { user } = who(by)
      const recipients = names.map((name) => `${name}@${far}`)
      const item = makeOutgoing(domain.tenantId, recipients, {
        ...given,
        outgoing: { userId: user.id, sender: user.email, ...given.outgoing },
        journey: { userId: user.id, sender: user.email },
      })
      await database.db.transaction((tx) => acceptMessages(tx, [item], database.changes))
      const deliveries = item.objects.flatMap(({ outgoing = [] }) => outgoing.flatMap((one) => one.deliveries))
      return { journeyId: item.journey.id, ids: deliveries.map(({ id }) => id) }
    },
    listed: async (as, search = '') => {
      const { items } = await send(as, 'GET', `/queue?domain=${far}${search}`)
      return items.map(({ recipient = '' }) => recipient.split('@')[0]).sort()
    },
  }
}
