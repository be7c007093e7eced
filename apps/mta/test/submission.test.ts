import type { Db } from '@mairust/db'
import { deleteMailboxRow } from '@mairust/db/queries/mailbox'
import { endLogins } from '@mairust/db/queries/session'
import { deleteUserRow, updateUserRow } from '@mairust/db/queries/user'
import { makeMailbox, makeUser } from '@mairust/db/testing'
import { replies } from '@mairust/mail-core/smtp'
import { describe, expect, it } from 'vitest'
import { RawClient } from './support/client.ts'
import { messagesOf, PASSWORD, plain } from './support/server.ts'
import { useServer } from './support/suite.ts'

const locked = new Set<string>()
const { server, world } = useServer({
  login: async ({ username: email, password }) => {
    if (locked.has(email)) return { reply: replies.locked }
    const { users } = server().database.db.tables
    const user = (await server().database.db.select().from(users)).find((row) => row.email === email)
    if (user === undefined || password !== PASSWORD) return { reply: replies.wrongPassword }
    return { user: { id: user.id, tenantId: user.tenantId, email, epoch: user.loginEpoch } }
  },
})

const submission = () => RawClient.open(server().listener('submission').port)
async function secure(): Promise<RawClient> {
  const client = await submission()
  await client.command('EHLO user.example')
  await client.startTls()
  await client.command('EHLO user.example')
  return client
}
const message = (headers: string, body = 'Hi') => `${headers}\r\n\r\n${body}`
async function lastRaw(): Promise<string> {
  const rows = await messagesOf(server().database, world().mailbox.id)
  return (await server().blobs.read(rows.at(-1)?.blobKey ?? '')).toString()
}

describe('before TLS', () => {
  it('AUTH is neither offered nor accepted, and MAIL is refused', async () => {
    const client = await submission()
    const features = await client.command('EHLO user.example')
    expect(features).toContain('STARTTLS')
    expect(features).not.toContain('AUTH')
    expect(await client.command(`AUTH PLAIN ${plain(world().address, PASSWORD)}`)).toMatch(/^538 5\.7\.11 /)
    expect(await client.command('AUTH LOGIN')).toMatch(/^538 5\.7\.11 /)
    expect(await client.command('MAIL FROM:<a@b.example>')).toMatch(/^530 5\.7\.0 /)
    client.destroy()
  })
})

describe('AUTH', () => {
  it('PLAIN works with and without an initial response', async () => {
    for (const commands of [
      [`AUTH PLAIN ${plain(world().address, PASSWORD)}`],
      ['AUTH PLAIN', plain(world().address, PASSWORD)],
    ]) {
      const client = await secure()
      let reply = ''
      for (const command of commands) reply = await client.command(command)
      expect(reply).toMatch(/^235 2\.7\.0 /)
      expect(await client.command('AUTH PLAIN')).toMatch(/^503 /)
      client.destroy()
    }
  })

  it('LOGIN asks for user name and password', async () => {
    const client = await secure()
    expect(await client.command('AUTH LOGIN')).toBe('334 VXNlcm5hbWU6')
    expect(await client.command(Buffer.from(world().address).toString('base64'))).toBe('334 UGFzc3dvcmQ6')
    expect(await client.command(Buffer.from(PASSWORD).toString('base64'))).toMatch(/^235 2\.7\.0 /)
    client.destroy()
  })

  it('can be cancelled, and accepts base64 only', async () => {
    const client = await secure()
    await client.command('AUTH PLAIN')
    expect(await client.command('*')).toMatch(/^501 /)
    await client.command('AUTH LOGIN')
    expect(await client.command('not base64!')).toMatch(/^501 5\.5\.2 /)
    expect(await client.command('AUTH PLAIN in-clear')).toMatch(/^501 5\.5\.2 /)
    expect(await client.command('AUTH CRAM-MD5')).toMatch(/^504 5\.5\.4 /)
    client.destroy()
  })

  it('ends the connection after three failures', async () => {
    const client = await secure()
    for (let count = 0; count < 3; count += 1) {
      expect(await client.command(`AUTH PLAIN ${plain(world().address, 'wrong')}`)).toMatch(/^535 5\.7\.8 /)
    }
    expect(await client.reply()).toMatch(/^421 /)
    await client.untilClosed()
  })

  it('is refused while the account is locked', async () => {
    locked.add(world().address)
    const client = await secure()
    expect(await client.command(`AUTH PLAIN ${plain(world().address, PASSWORD)}`)).toMatch(/^454 4\.7\.0 /)
    locked.clear()
    client.destroy()
  })

  it('is required before too many other commands', async () => {
    const client = await secure()
    await client.write('NOOP\r\n'.repeat(12))
    const codes: string[] = []
    for (let reply = await client.reply(); reply !== ''; reply = await client.reply()) codes.push(reply.slice(0, 3))
    expect(codes.at(-1)).toBe('421')
  })
})

describe('MAIL on a submission port', () => {
  it('needs a login, also over TLS', async () => {
    const client = await secure()
    expect(await client.command('MAIL FROM:<a@b.example>')).toMatch(/^530 5\.7\.0 /)
    client.destroy()
  })
})

describe('an open session goes on only as long as its login holds', () => {
  const open = async () => {
    const { db } = server().database
    const user = await makeUser(db, world().scope)
    const address = `${user.id}@${world().domain.name}`
    const box = await makeMailbox(db, world().scope, { domainId: world().domain.id, address, userId: user.id })
    return { user, box, client: await server().loggedIn(user) }
  }
  type Session = Awaited<ReturnType<typeof open>>
  const inTransaction = (work: (tx: Db) => Promise<unknown>) => server().database.db.transaction(work)
  const suspend = (suspended: boolean) => (tx: Db, id: string) =>
    updateUserRow(tx, world().scope, id, { suspended, updatedAt: new Date() })

  const ENDINGS: [string, (session: Session) => Promise<unknown>][] = [
    ['their logins were ended', ({ user }) => inTransaction((tx) => endLogins(tx, world().scope, user.id))],
    ['they were suspended', ({ user }) => inTransaction((tx) => suspend(true)(tx, user.id))],
    [
      'they were suspended, and are not any more',
      async ({ user }) => {
        await inTransaction(async (tx) => {
          await suspend(true)(tx, user.id)
          await endLogins(tx, world().scope, user.id)
        })
        await inTransaction((tx) => suspend(false)(tx, user.id))
      },
    ],
    [
      'their login name changed',
      ({ user }) =>
        inTransaction((tx) =>
          updateUserRow(tx, world().scope, user.id, { email: `renamed.${user.email}`, updatedAt: new Date() }),
        ),
    ],
    [
      'they were removed',
      ({ user, box }) =>
        inTransaction(async (tx) => {
          await deleteMailboxRow(tx, world().scope, box.id)
          await deleteUserRow(tx, world().scope, user.id)
        }),
    ],
  ]

  it.each(ENDINGS)('not after %s', async (_, end) => {
    const [idle, within] = [await open(), await open()]
    expect(await idle.client.command(`MAIL FROM:<${idle.box.address}>`)).toMatch(/^250 /)
    await idle.client.command('RSET')
    await end(idle)
    expect(await idle.client.command(`MAIL FROM:<${idle.box.address}>`)).toMatch(/^421 4\.7\.0 /)
    expect(await idle.client.reply()).toBe('')

    const { client, box } = within
    for (const line of [`MAIL FROM:<${box.address}>`, `RCPT TO:<${world().address}>`]) {
      expect(await client.command(line)).toMatch(/^250 /)
    }
    expect(await client.command('DATA')).toMatch(/^354 /)
    const before = (await messagesOf(server().database, world().mailbox.id)).length
    await end(within)
    expect(await client.command(`From: ${box.address}\r\n\r\nHi\r\n.`)).toMatch(/^421 4\.7\.0 /)
    expect(await messagesOf(server().database, world().mailbox.id)).toHaveLength(before)
  })
})

describe('a submitted message', () => {
  it('gets Date and Message-ID, loses Bcc, and keeps the rest', async () => {
    const client = await server().loggedIn(world().user)
    const headers = `From: Me <${world().address}>\r\nTo: x@y.example\r\nBcc: secret@y.example,\r\n other@y.example\r\nSubject: Hi`
    expect(await client.send(world().address, message(headers, 'body\nwith bare LF'), world().address)).toMatch(/^250 /)
    const raw = await lastRaw()
    expect(raw).not.toContain('secret')
    expect(raw).not.toContain('other@y')
    expect(raw).toMatch(/\r\nDate: .* \+0000\r\nMessage-ID: <msg_[0-9a-z]{26}@mx\.test\.example>\r\nFrom: Me/)
    expect(raw.endsWith('\r\nTo: x@y.example\r\nSubject: Hi\r\n\r\nbody\r\nwith bare LF\r\n')).toBe(true)
    expect(raw).toContain('with ESMTPSA')
    client.destroy()
  })

  it('keeps the Date and Message-ID it has', async () => {
    const client = await server().loggedIn(world().user)
    const headers = `From: ${world().address}\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\nMessage-ID: <mine@here>`
    expect(await client.send(world().address, message(headers), world().address)).toMatch(/^250 /)
    const raw = await lastRaw()
    expect(raw.match(/^Date:/gm)).toHaveLength(1)
    expect(raw).toContain('Message-ID: <mine@here>\r\n')
    client.destroy()
  })
})
