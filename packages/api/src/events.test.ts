import { tenantScope } from '@mairust/db/queries/scope'
import { type Changes, mailboxTopic, tenantTopic } from '@mairust/db'
import { findApiKeyWithUser } from '@mairust/db/queries/actor'
import type { MailboxRow } from '@mairust/db/queries/mailbox'
import type { UserRow } from '@mairust/db/queries/user'
import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEvents } from './events.ts'
import { makeTestApi, ORIGIN, signIn, suspend, type TestApi } from './testing/api.ts'
import { deliver } from './testing/mail.ts'

const MAIL = 'Subject: x\n\nHello\n'

withDatabases((get) => {
  let test: TestApi
  let events: ReturnType<typeof createEvents>
  beforeEach(() => {
    test = makeTestApi(get())
    events = createEvents({ runtime: test.runtime, heartbeatMs: 20, recheckMs: 50 })
  })
  afterEach(async () => {
    events.close()
    await test.api.close()
  })

  /** Subscribes, and records the topics that arrive. */
  const spyOn =
    (heard: string[]): Changes['subscribe'] =>
    (topic, fn) =>
      get().changes.subscribe(topic, (changed) => {
        heard.push(changed)
        fn(changed)
      })
  const asAdmin = async (method: string, user: UserRow, body?: unknown) => {
    const admin = await test.user({ role: 'super_admin' }, user.tenantId)
    const answer = await test.send(method, `/users/${user.id}`, { as: await test.key(admin), body })
    expect(answer.status).toBeLessThan(300)
  }

  const listen = async (as: string, headers: Record<string, string> = {}, from = events) => {
    const abort = new AbortController()
    const auth: Record<string, string> = as.startsWith('mk_') ? { authorization: `Bearer ${as}` } : { cookie: as }
    const request = new Request(`${ORIGIN}/api/events`, {
      headers: { host: 'localhost:8080', ...auth, ...headers },
      signal: abort.signal,
    })
    const response = await from.handle(request)
    let text = ''
    let ended = false
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk as Uint8Array).toString()
      ended = true
    })()
    return { response, abort, reading, text: () => text, ended: () => ended }
  }

  describe('the event stream', () => {
    it('reports mail in the user’s own mailbox, and in no other', async () => {
      const user = await test.user()
      const own = await makeMailbox(get().db, tenantScope(user.tenantId), { userId: user.id })
      const others = await makeMailbox(get().db, tenantScope(user.tenantId))
      const stream = await listen(await signIn(test, user))
      expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
      await deliver(get(), test.runtime, others, MAIL)
      await deliver(get(), test.runtime, own, MAIL)
      await expect.poll(stream.text).toContain(`event: mailbox\ndata: {"mailbox_id":"${own.id}"}\n\n`)
      expect(stream.text()).not.toContain(others.id)
    })

    it('reports every mailbox of the tenant to an administrator, and none of another tenant', async () => {
      const admin = await test.user({ role: 'tenant_admin' })
      const own = await makeMailbox(get().db, tenantScope(admin.tenantId))
      const foreign = await makeMailbox(get().db, tenantScope((await test.user()).tenantId))
      const stream = await listen(await test.key(admin))
      await deliver(get(), test.runtime, foreign, MAIL)
      await deliver(get(), test.runtime, own, MAIL)
      await expect.poll(stream.text).toContain(own.id)
      expect(stream.text()).not.toContain(foreign.id)
    })

    it('1.10: makes no queries about another tenant’s mail', async () => {
      const admin = await test.user({ role: 'tenant_admin' })
      const own = await makeMailbox(get().db, tenantScope(admin.tenantId))
      const foreign = await makeMailbox(get().db, tenantScope((await test.user()).tenantId))
      const heard: string[] = []
      const runtime = { ...test.runtime, changes: { ...test.runtime.changes, subscribe: spyOn(heard) } }
      const watching = createEvents({ runtime })
      const key = await test.key(admin)
      const request = new Request(`${ORIGIN}/api/events`, { headers: { authorization: `Bearer ${key}` } })
      expect((await watching.handle(request)).status).toBe(200)
      await deliver(get(), test.runtime, foreign, MAIL)
      await deliver(get(), test.runtime, own, MAIL)
      await expect.poll(() => heard).toContain(mailboxTopic(own.tenantId, own.id))
      expect(heard).not.toContain(mailboxTopic(foreign.tenantId, foreign.id))
      watching.close()
    })

    it.each<[string, (user: UserRow, cookie: string) => Promise<unknown>]>([
      ['log-out', (_user, cookie) => test.send('POST', '/auth/logout', { as: cookie })],
      ['suspension', (user) => asAdmin('PATCH', user, { suspended: true })],
      ['another role', (user) => asAdmin('PATCH', user, { role: 'domain_admin' })],
      ['removal', (user) => asAdmin('DELETE', user)],
    ])('1.10: ends at once with its session: %s', async (_name, change) => {
      const patient = createEvents({ runtime: test.runtime })
      const user = await test.user()
      const cookie = await signIn(test, user)
      const stream = await listen(cookie, {}, patient)
      expect(stream.ended()).toBe(false)
      await change(user, cookie)
      await expect.poll(stream.ended).toBe(true)
      patient.close()
    })

    it('1.10: ends at once with its API key', async () => {
      const patient = createEvents({ runtime: test.runtime })
      const admin = await test.user({ role: 'super_admin' })
      const [stays, goes] = [await test.key(admin), await test.key(admin)]
      const streams = [await listen(stays, {}, patient), await listen(goes, {}, patient)]
      const found = await findApiKeyWithUser(get().db, goes.split('_')[2] ?? '')
      const as = await signIn(test, admin)
      const answer = await test.send('DELETE', `/admin/api-keys/${found?.key.id ?? ''}`, { as })
      expect(answer.status).toBeLessThan(300)
      await expect.poll(() => streams[1]?.ended()).toBe(true)
      expect(streams[0]?.ended()).toBe(false)
      patient.close()
    })

    it('reports at once a mailbox that is given to the user, and no longer one that is given away', async () => {
      const patient = createEvents({ runtime: test.runtime })
      const user = await test.user()
      const admin = await test.key(await test.user({ role: 'super_admin' }, user.tenantId))
      const away = await makeMailbox(get().db, tenantScope(user.tenantId), { userId: user.id })
      const given = await makeMailbox(get().db, tenantScope(user.tenantId))
      const stream = await listen(await signIn(test, user), {}, patient)
      const owners: [MailboxRow, string | null][] = [
        [away, null],
        [given, user.id],
      ]
      for (const [{ id }, owner] of owners) {
        const answer = await test.send('PATCH', `/mailboxes/${id}`, { as: admin, body: { user_id: owner } })
        expect(answer.status).toBe(200)
      }
      await deliver(get(), test.runtime, away, MAIL)
      await deliver(get(), test.runtime, given, MAIL)
      await expect.poll(stream.text).toContain(given.id)
      expect(stream.text()).not.toContain(away.id)
      patient.close()
    })

    it('asks the page to reload when the tenant’s tags change, and not when another’s do', async () => {
      const { db, changes } = get()
      const user = await test.user()
      const foreign = await test.user()
      const stream = await listen(await signIn(test, user))
      const other = await listen(await signIn(test, foreign))
      await db.transaction((tx) => changes.publish(tx, tenantTopic('tags', user.tenantId)))
      await expect.poll(stream.text).toContain('event: mailbox\ndata: {}\n\n')
      expect(other.text()).not.toContain('data: {}')
    })

    it('keeps the connection alive, and ends when the reader goes away', async () => {
      const stream = await listen(await signIn(test, await test.user()))
      await expect.poll(stream.text).toContain(': still here')
      stream.abort.abort()
      await stream.reading
      expect(stream.ended()).toBe(true)
    })

    it('ends soon after the user loses access', async () => {
      const user = await test.user()
      const stream = await listen(await signIn(test, user))
      await suspend(test, user)
      await stream.reading
      expect(stream.ended()).toBe(true)
    })

    it('does not keep a session alive that nobody uses', async () => {
      const cookie = await signIn(test, await test.user())
      const stream = await listen(cookie)
      test.clock.now = new Date(test.clock.now.getTime() + 11 * 3_600_000)
      expect((await listen(cookie)).response.status).toBe(200)
      test.clock.now = new Date(test.clock.now.getTime() + 2 * 3_600_000)
      await stream.reading
      expect(stream.ended()).toBe(true)
      expect((await listen(cookie)).response.status).toBe(401)
    })

    it('is closed to anonymous clients, other sites, and keys that may not read', async () => {
      const user = await test.user()
      const cookie = await signIn(test, user)
      expect((await listen('')).response.status).toBe(401)
      expect((await listen(cookie, { origin: 'https://evil.example' })).response.status).toBe(403)
      expect((await listen(cookie, { 'sec-fetch-site': 'cross-site' })).response.status).toBe(403)
      expect((await listen(await test.key(user, ['send']))).response.status).toBe(403)
    })

    it('answers HEAD with its header, without opening a stream', async () => {
      const cookie = await signIn(test, await test.user())
      const heads = Array.from({ length: 20 }, () =>
        events.handle(new Request(`${ORIGIN}/api/events`, { method: 'HEAD', headers: { cookie } })),
      )
      for (const { status, headers, body } of await Promise.all(heads)) {
        expect([status, headers.get('content-type'), body]).toEqual([200, 'text/event-stream; charset=utf-8', null])
      }
      expect((await listen(cookie)).response.status).toBe(200)
    })

    it('can be open at most twenty times for a user', async () => {
      const cookie = await signIn(test, await test.user())
      const streams = await Promise.all(Array.from({ length: 20 }, () => listen(cookie)))
      const refused = await listen(cookie)
      expect(refused.response.status).toBe(429)
      streams[0]?.abort.abort()
      await streams[0]?.reading
      expect((await listen(cookie)).response.status).toBe(200)
    })
  })
})
