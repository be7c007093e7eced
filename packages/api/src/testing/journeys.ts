import { tenantScope } from '@mairust/db/queries/scope'
import type { Database } from '@mairust/db'
import { acceptMessages, type JourneyInput, type RecipientResult, recordJourneys } from '@mairust/db/queries/accept'
import type { MailboxRow } from '@mairust/db/queries/mailbox'
import type { UserRow } from '@mairust/db/queries/user'
import type { Role } from '@mairust/db/schema'
import { makeAlias, makeDomain, makeItem, makeMailbox } from '@mairust/db/testing'
import { type Answer, makeTestApi, signIn } from './api.ts'

/** Who sends all journeys of the world. */
export const SENDER = 'lawyer@secret.example'

/** A user with a mailbox; `as` is their cookie, `at` a subaddress. */
export type Person = { user: UserRow; as: string; mailbox: MailboxRow; at: (tag: string) => string }

const done = ({ status }: Answer): void => {
  if (status >= 300) throw new Error(`answered ${status}`)
}

/** A tenant in which journeys are made and administrators look at them: `root` and `admin` are cookies. */
export const makeJourneyWorld = async (database: Database) => {
  const { db } = database
  const test = makeTestApi(database)
  const top = await test.user({ role: 'super_admin' })
  const root = await signIn(test, top)
  const domain = await makeDomain(db, tenantScope(top.tenantId))
  const also = (await makeDomain(db, tenantScope(top.tenantId), { aliasOfId: domain.id })).name
  const admin = await signIn(test, await test.user({ role: 'tenant_admin' }, top.tenantId))
  let count = 0

  const person = async (role: Role): Promise<Person> => {
    const name = `p${(count += 1)}`
    const address = `${name}@${domain.name}`
    const user = await test.user({ role, email: address }, top.tenantId)
    const values = { domainId: domain.id, userId: user.id, address }
    const mailbox = await makeMailbox(db, tenantScope(top.tenantId), values)
    return { user, as: await signIn(test, user), mailbox, at: (tag) => `${name}+${tag}@${domain.name}` }
  }
  const alias = async (targets: string[], enabled = true, address = `l${(count += 1)}@${domain.name}`) => {
    await makeAlias(db, tenantScope(top.tenantId), { domainId: domain.id, address, targets, enabled })
    return address
  }
  /** Every kind of address by which mail reaches somebody. */
  const addressesOf = async ({ mailbox, at }: Person): Promise<string[]> => {
    const { address } = mailbox
    const ceo = await alias([address])
    const caught = await makeDomain(db, tenantScope(top.tenantId))
    const values = { domainId: caught.id, address: `*@${caught.name}`, targets: [address] }
    await makeAlias(db, tenantScope(top.tenantId), values)
    return [
      address,
      at('bank'),
      address.replace(domain.name, also),
      ceo,
      await alias([ceo]),
      `any@${caught.name}`,
      await alias([address], false),
    ]
  }
  const to = (address: string, values: Partial<RecipientResult> = {}): RecipientResult => ({
    tenantId: top.tenantId,
    address,
    status: 'accepted',
    reply: `250 ${address}`,
    ...values,
  })
  /** Records a journey that begins a minute later than everything before; the mailboxes get a message each. */
  const travel = async (
    recipients: RecipientResult[],
    mailboxes: MailboxRow[] = [],
    values: Partial<JourneyInput> = {},
  ): Promise<string> => {
    const startedAt = (test.clock.now = new Date(test.clock.now.getTime() + 60_000))
    const base = makeItem({ tenantId: top.tenantId, id: mailboxes[0]?.id ?? '' })
    const step = { at: startedAt.toISOString(), ms: 1, kind: 'rcpt', result: 'ok', detail: '' } as const
    const named = [...recipients, ...mailboxes].map(({ address }) => ({ ...step, name: address, recipient: address }))
    const boxes = mailboxes.map(({ address }) => address)
    const journey: JourneyInput = {
      ...base.journey,
      tenantId: top.tenantId,
      sender: SENDER,
      startedAt,
      recipients: recipients.map((recipient) => ({ ...recipient, mailboxes: boxes })),
      steps: named,
      ...values,
    }
    const objects = mailboxes.flatMap(({ id }) => makeItem({ tenantId: top.tenantId, id }).objects)
    await db.transaction(async (tx) => {
      if (mailboxes.length === 0) await recordJourneys(tx, [journey])
      else await acceptMessages(tx, [{ ...base, journey, objects }], database.changes)
    })
    return journey.id
  }
  const change = async (path: string, body: object): Promise<void> =>
    done(await test.send('PATCH', path, { as: root, body }))
  const rename = ({ mailbox }: Person) =>
    change(`/mailboxes/${mailbox.id}`, { address: `r${(count += 1)}@${domain.name}` })
  const setRole = ({ user }: Person, role: Role) => change(`/users/${user.id}`, { role })
  const remove = async (path: string): Promise<void> => done(await test.send('DELETE', path, { as: root }))
  const purge = async ({ mailbox }: Person): Promise<void> => {
    const { items } = await test.send('GET', `/messages?mailbox=${mailbox.id}&limit=100`, { as: root })
    if (items.length === 0) throw new Error('there is nothing to purge')
    for (const { id = '' } of items) await remove(`/messages/${id}?permanent=true`)
  }
  const listed = async (as: string, query: string) =>
    (await test.send('GET', `/journeys?limit=100&${query}`, { as })).items.map(({ id }) => id)
  const opened = async (as: string, id: string) => {
    const { status, json } = await test.send('GET', `/journeys/${id}`, { as })
    return { status, text: JSON.stringify(json) }
  }
  return {
    test,
    top,
    root,
    admin,
    domain,
    person,
    alias,
    addressesOf,
    to,
    travel,
    change,
    rename,
    setRole,
    remove,
    purge,
    listed,
    opened,
  }
}

/** A world of journeys. */
export type JourneyWorld = Awaited<ReturnType<typeof makeJourneyWorld>>
