import { tenantScope } from '@mairust/db/queries/scope'
import { findApiKeyWithUser } from '@mairust/db/queries/actor'
import { updateApiKeyRow } from '@mairust/db/queries/api-key'
import { endLogins } from '@mairust/db/queries/session'
import { deleteMailboxRow, type MailboxRow, updateMailboxRow } from '@mairust/db/queries/mailbox'
import { findMessage } from '@mairust/db/queries/message'
import { findUserByEmail, updateUserRow, type UserRow } from '@mairust/db/queries/user'
import type { Role } from '@mairust/db/schema'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTestApi, ORIGIN, PASSWORD, signIn, suspend, type TestApi } from '../testing/api.ts'
import { deliver } from '../testing/mail.ts'

withDatabases((get) => {
  let test: TestApi
  beforeEach(() => {
    test = makeTestApi(get())
  })
  afterEach(() => test.api.close())

  const keyOf = async (text: string) => {
    const found = await findApiKeyWithUser(get().db, text.split('_')[2] ?? '')
    if (found === null) throw new Error('no such key')
    return found.key
  }

  /** Sends a change whose body arrives only after `meanwhile`. */
  const slowly = (
    path: string,
    as: string,
    body: unknown,
    meanwhile: () => Promise<unknown>,
    method = 'POST',
  ): Promise<Response> => {
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      await meanwhile()
      controller.enqueue(Buffer.from(JSON.stringify(body)))
      controller.close()
    }
    // A high-water mark of 0, so that nothing is pulled before it is read.
    const late = new ReadableStream({ pull }, { highWaterMark: 0 })
    const login: Record<string, string> = as.startsWith('mk_')
      ? { authorization: `Bearer ${as}` }
      : { cookie: as, origin: ORIGIN }
    const headers = { host: 'localhost:8080', 'content-type': 'application/json', ...login }
    // Cast: the DOM's type lacks `duplex`, which Node requires for a stream.
    const init = { method, headers, body: late, duplex: 'half' } as RequestInit
    const handle = path.startsWith('/api/trpc') ? test.api.trpc : test.api.rest
    return handle(new Request(`${ORIGIN}${path}`, init), { ip: '192.0.2.1' })
  }

  const LOSSES: [string, 'session' | 'key', number, (user: UserRow, as: string) => Promise<unknown>][] = [
    ['its session has ended', 'session', 401, (user) => endLogins(get().db, tenantScope(user.tenantId), user.id)],
    ['its user was suspended', 'session', 401, (user) => suspend(test, user)],
    [
      'its user has a lower role',
      'session',
      403,
      (user) => updateUserRow(get().db, tenantScope(user.tenantId), user.id, { role: 'domain_admin' }),
    ],
    [
      'its user has a lower role',
      'key',
      403,
      (user) => updateUserRow(get().db, tenantScope(user.tenantId), user.id, { role: 'domain_admin' }),
    ],
    [
      'its key has ended',
      'key',
      401,
      async (user, as) =>
        updateApiKeyRow(get().db, tenantScope(user.tenantId), (await keyOf(as)).id, { endedAt: test.clock.now }),
    ],
    [
      'its key was narrowed',
      'key',
      403,
      async (user, as) => {
        const scopes = [{ scope: 'admin' as const, domains: ['example.org'] }]
        await updateApiKeyRow(get().db, tenantScope(user.tenantId), (await keyOf(as)).id, { scopes })
      },
    ],
  ]

  describe.each(['/api/v1/users', '/api/trpc/users.create'])('1.7: a slow change over %s', (path) => {
    it.each(LOSSES)('is refused when, meanwhile, %s (%s)', async (_loss, kind, status, lose) => {
      const admin = await test.user({ role: 'tenant_admin' })
      const as = kind === 'session' ? await signIn(test, admin) : await test.key(admin)
      const email = `late-${admin.id}@example.net`
      const answer = await slowly(path, as, { email, password: PASSWORD }, () => lose(admin, as))
      expect(answer.status).toBe(status)
      expect(await findUserByEmail(get().db, email)).toBeNull()
    })

    it('is made if nothing was lost', async () => {
      const admin = await test.user({ role: 'tenant_admin' })
      const email = `late-${admin.id}@example.net`
      const answer = await slowly(path, await test.key(admin), { email, password: PASSWORD }, () =>
        test.user({}, admin.tenantId),
      )
      expect(answer.status).toBeLessThan(300)
      expect(await findUserByEmail(get().db, email)).not.toBeNull()
    })
  })

  describe.each<[path: string, method: string, body: (id: string) => unknown]>([
    ['/api/v1/messages/:id', 'PATCH', () => ({ starred: true })],
    ['/api/v1/messages/batch', 'POST', (id) => ({ ids: [id], action: 'star' })],
    ['/api/trpc/messages.update', 'POST', (id) => ({ id, starred: true })],
    ['/api/trpc/messages.batch', 'POST', (id) => ({ ids: [id], action: 'star' })],
  ])('a slow change of mail over %s', (path, method, body) => {
    const change = async (role: Role, meanwhile: (mailbox: MailboxRow, other: MailboxRow) => Promise<unknown>) => {
      const { db } = get()
      const user = await test.user({ role })
      const mailbox = await makeMailbox(db, tenantScope(user.tenantId), { userId: user.id })
      const other = await makeMailbox(db, tenantScope(user.tenantId), { userId: user.id })
      const id = await deliver(get(), test.runtime, mailbox, 'Subject: Private plans\n\nHello\n')
      const as = await signIn(test, user)
      const late = () => meanwhile(mailbox, other)
      const answer = await slowly(path.replace(':id', id), as, body(id), late, method)
      const row = await findMessage(db, { ...tenantScope(user.tenantId), mailboxIds: 'all' }, id)
      return { status: answer.status, text: await answer.text(), starred: row?.starred }
    }
    const giveTo = async (mailbox: MailboxRow, role: Role) => {
      const { id: userId } = await test.user({ role }, mailbox.tenantId)
      await get().db.transaction((tx) => updateMailboxRow(tx, tenantScope(mailbox.tenantId), mailbox.id, { userId }))
    }

    it.each<[Role, Role]>([
      ['user', 'user'],
      ['domain_admin', 'user'],
      ['tenant_admin', 'super_admin'],
    ])('is refused to a %s, and reveals nothing, when meanwhile the mailbox is given to a %s', async (from, to) => {
      const { status, text, starred } = await change(from, (mailbox) => giveTo(mailbox, to))
      expect(status).toBe(403)
      expect(text).not.toContain('Private plans')
      expect(starred).toBe(false)
    })

    it('is made if nothing was lost except a removed mailbox', async () => {
      const { status, starred } = await change('user', (_mailbox, other) =>
        get().db.transaction((tx) => deleteMailboxRow(tx, tenantScope(other.tenantId), other.id)),
      )
      expect(status).toBe(200)
      expect(starred).toBe(true)
    })
  })
})
