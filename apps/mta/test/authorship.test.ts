/** Which authors a submitted message may name. */
import { createId, tenantTopic } from '@mairust/db'
import { insertAlias } from '@mairust/db/queries/alias'
import { makeMailbox, makeUser } from '@mairust/db/testing'
import { describe, expect, it } from 'vitest'
import { messagesOf } from './support/server.ts'
import { useServer } from './support/suite.ts'

const { server, world } = useServer()

const message = (headers: string, body = 'Hi') => `${headers}\r\n\r\n${body}`
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('MAIL', () => {
  it('accepts the addresses of the user, and of aliases that allow sending', async () => {
    const { scope, domain, user } = world()
    const other = await makeUser(server().database.db, scope)
    await makeMailbox(server().database.db, scope, {
      domainId: domain.id,
      address: `boss@${domain.name}`,
      userId: other.id,
    })
    await server().database.db.transaction(async (tx) => {
      for (const [name, target, maySendAs] of [
        ['sales', user.email, true],
        ['ceo', user.email, false],
        ['press', `boss@${domain.name}`, true],
      ] as const) {
        await insertAlias(tx, scope, {
          id: createId('als'),
          domainId: domain.id,
          address: `${name}@${domain.name}`,
          targets: [target],
          enabled: true,
          maySendAs,
          createdAt: new Date(),
          updatedAt: new Date(),
        })
      }
      await server().database.changes.publish(tx, tenantTopic('addresses', user.tenantId))
    })
    const expected: [string, RegExp][] = [
      [user.email, /^250 /],
      [user.email.toUpperCase(), /^250 /],
      [`user+tag@${domain.name}`, /^250 /],
      [`sales@${domain.name}`, /^250 /],
      [`sales+tag@${domain.name}`, /^250 /],
      ['', /^250 /],
      [`ceo@${domain.name}`, /^550 5\.7\.1 /],
      [`press@${domain.name}`, /^550 5\.7\.1 /],
      [`boss@${domain.name}`, /^550 5\.7\.1 /],
      ['someone@foreign.example', /^550 5\.7\.1 /],
    ]
    for (const [address, reply] of expected) {
      const client = await server().loggedIn(user)
      expect(await client.command(`MAIL FROM:<${address}> AUTH=<>`)).toMatch(reply)
      client.destroy()
    }
  })
})

describe('a submitted message', () => {
  it('loses forged Authentication-Results in our name', async () => {
    const client = await server().loggedIn(world().user)
    const ours = 'Authentication-Results: (a) MX.test.example;\r\n dkim=pass header.d=bank.example'
    const headers = `From: ${world().address}\r\n${ours}\r\nAuthentication-Results: other.example; spf=pass`
    expect(await client.send(world().address, message(headers), world().address)).toMatch(/^250 /)
    const rows = await messagesOf(server().database, world().mailbox.id)
    const raw = (await server().blobs.read(rows.at(-1)?.blobKey ?? '')).toString()
    expect(raw).not.toContain('bank.example')
    expect(raw).toContain('\r\nAuthentication-Results: other.example; spf=pass\r\n')
    client.destroy()
  })

  const refused: [string, (from: string) => string | Buffer, RegExp][] = [
    ['from another user', () => message('From: boss@foreign.example\r\nSubject: x'), /^550 5\.7\.1 /],
    [
      'from two authors, one another user',
      (from) => message(`From: ${from}, boss@foreign.example\r\nSubject: x`),
      /^550 5\.7\.1 /,
    ],
    ['without From', () => message('Subject: x'), /^550 5\.6\.0 /],
    ['with two From fields', (from) => message(`From: ${from}\r\nFrom: ${from}`), /^550 5\.6\.0 /],
    ['with two authors in one field', (from) => message(`From: Me <${from}> <ceo@x.example>`), /^550 5\.6\.0 /],
    ['with a folded second author', (from) => message(`From: Me <${from}>\r\n\t<ceo@x.example>`), /^550 5\.6\.0 /],
    ['with an author that is not valid UTF-8', (from) => latin1(`From: M\xe9 <${from}>\r\n\r\nx`), /^550 5\.6\.0 /],
    ['with another user as Sender', (from) => message(`From: ${from}\r\nSender: ceo@x.example`), /^550 5\.7\.1 /],
    ['resent from another user', (from) => message(`From: ${from}\r\nResent-From: ceo@x.example`), /^550 5\.7\.1 /],
    ['resent by another user', (from) => message(`From: ${from}\r\nResent-Sender: a@x.example`), /^550 5\.7\.1 /],
    ['resent to an invalid address', (from) => message(`From: ${from}\r\nResent-To: <a@x> b`), /^550 5\.6\.0 /],
    ['with a space before a colon', (from) => message(`From: ${from}\r\nFrom : ceo@x.example`), /^550 5\.6\.0 /],
    ['with a field name that is not ASCII', (from) => latin1(`From: ${from}\r\nFr\xf6m: x\r\n\r\nx`), /^550 5\.6\.0 /],
    ['with a header line that is not a field', (from) => message(`From: ${from}\r\nno field`), /^550 5\.6\.0 /],
    ['with a fold before every field', (from) => message(` x\r\nFrom: ${from}`), /^550 5\.6\.0 /],
    ['with two Subjects', (from) => message(`From: ${from}\r\nSubject: a\r\nSubject: b`), /^550 5\.6\.0 /],
    ['with a bare CR', (from) => message(`From: ${from}`, 'a\rb'), /^550 5\.6\.11 /],
    ['with a NUL', (from) => message(`From: ${from}`, 'a\0b'), /^550 5\.6\.11 /],
    ['with a line of 999 bytes', (from) => message(`From: ${from}`, 'x'.repeat(999)), /^550 5\.6\.0 /],
  ]
  for (const [what, text, reply] of refused) {
    it(`${what} is refused`, async () => {
      const client = await server().loggedIn(world().user)
      expect(await client.send(world().address, text(world().address), world().address)).toMatch(reply)
      client.destroy()
    })
  }
})
