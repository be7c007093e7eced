import { tenantScope } from '@mairust/db/queries/scope'
import { insertAlias } from '@mairust/db/queries/alias'
import { createApartId, createId, tenantTopic } from '@mairust/db'
import { makeDomain, makeMailbox, makeTenant, makeUser, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RawClient } from './support/client.ts'
import { eventually, journeyIn, journeysOf, makeMessage, messagesOf } from './support/server.ts'
import { useServerOn } from './support/suite.ts'

withDatabases((database) => {
  const { server, world } = useServerOn(database)
  const alias = (address: string, targets: string[], enabled = true) =>
    database().db.transaction(async (tx) => {
      await insertAlias(tx, world().scope, {
        id: createId('als'),
        domainId: world().domain.id,
        address,
        targets,
        enabled,
        createdAt: new Date(),
        updatedAt: new Date(),
      })
      await database().changes.publish(tx, tenantTopic('addresses', world().scope.tenantId))
    })
  const at = (local: string) => `${local}@${world().domain.name}`
  async function begun(from = 'a@remote.example', options = ''): Promise<RawClient> {
    const client = await server().client()
    await client.command('EHLO x')
    const reply = await client.command(`MAIL FROM:<${from}>${options}`)
    expect(reply).toBe('250 2.1.0 Ok')
    return client
  }

  beforeAll(async () => {
    await makeDomain(database().db, world().scope, { name: 'pending.example', status: 'pending' })
    await makeMailbox(database().db, world().scope, {
      domainId: world().domain.id,
      address: at('full'),
      quotaBytes: 0,
    })
    await makeMailbox(database().db, world().scope, {
      domainId: world().domain.id,
      address: at('small'),
      quotaBytes: 5000,
    })
    await alias(at('team'), [world().address, at('small')])
    await alias(at('off'), [world().address], false)
    await alias(at('out'), ['friend@elsewhere.example'])
    await alias(at('loop'), [at('loop')])
  })

  describe('RCPT', () => {
    const refused: [string, () => string, RegExp][] = [
      ['an unknown mailbox', () => at('nobody'), /^550 5\.1\.1 /],
      ['a disabled alias', () => at('off'), /^550 5\.1\.1 /],
      ['a foreign domain', () => 'a@foreign.example', /^550 5\.7\.1 /],
      ['a pending domain', () => 'a@pending.example', /^550 5\.7\.1 /],
      ['the percent hack', () => `a%foreign.example@${world().domain.name}`, /^550 5\.7\.1 /],
      ['a bang path', () => `foreign.example!a@${world().domain.name}`, /^550 5\.7\.1 /],
      ['a quoted at sign', () => `"a@foreign.example"@${world().domain.name}`, /^550 5\.7\.1 /],
      ['a source route', () => `@${world().domain.name}:a@foreign.example`, /^550 5\.7\.1 /],
      ['an address literal', () => 'user@[127.0.0.1]', /^550 5\.7\.1 /],
      ['an alias with an external target', () => at('out'), /^550 5\.7\.1 /],
      ['an alias loop', () => at('loop'), /^550 5\.4\.6 /],
      ['a full mailbox', () => at('full'), /^452 4\.2\.2 /],
      ['an empty address', () => '', /^501 5\.1\.3 /],
      ['a control character', () => 'a\u0001b@x.example', /^501 5\.1\.3 /],
    ]
    for (const [what, address, reply] of refused) {
      it(`refuses ${what}, naming the journey`, async () => {
        const client = await begun()
        const answer = await client.command(`RCPT TO:<${address()}>`)
        expect(answer).toMatch(reply)
        expect(answer).toMatch(/\(jrn_[0-9a-z]{26}\)$/)
        client.destroy()
      })
    }

    it('refuses a size over the quota of the mailbox', async () => {
      const client = await begun('a@remote.example', ' SIZE=6000')
      expect(await client.command(`RCPT TO:<${at('small')}>`)).toMatch(/^552 5\.2\.2 /)
      client.destroy()
    })

    it('accepts postmaster without a domain, subaddresses, and any case', async () => {
      const { db } = database()
      const admin = await makeUser(db, world().scope, { role: 'super_admin', email: at('admin') })
      await makeMailbox(db, world().scope, { domainId: world().domain.id, address: at('admin'), userId: admin.id })
      await db.transaction((tx) => database().changes.publish(tx, tenantTopic('addresses', world().scope.tenantId)))
      const client = await begun('')
      expect(await client.command('RCPT TO:<Postmaster>')).toMatch(/^250 2\.1\.5 /)
      expect(await client.command(`RCPT TO:<ABUSE@${world().domain.name.toUpperCase()}>`)).toMatch(/^250 2\.1\.5 /)
      expect(await client.command(`rcpt to: <USER+Tag@${world().domain.name}>`)).toMatch(/^250 2\.1\.5 /)
      client.destroy()
    })

    it('stores one copy per mailbox, even when several recipients lead to it', async () => {
      const before = (await messagesOf(database(), world().mailbox.id)).length
      const client = await server().client()
      const reply = await client.send([at('team'), world().address, world().address], makeMessage('once'))
      expect(reply).toMatch(/^250 /)
      expect(await messagesOf(database(), world().mailbox.id)).toHaveLength(before + 1)
      client.destroy()
    })
  })

  it('delivers mail for a domain alias to the mailboxes of its target domain', async () => {
    const { db } = database()
    const { name } = await makeDomain(db, world().scope, { aliasOfId: world().domain.id })
    const before = (await messagesOf(database(), world().mailbox.id)).length
    const client = await server().client()
    const local = world().address.split('@')[0] ?? ''
    expect(await client.send([`${local}@${name}`], makeMessage('also'))).toMatch(/^250 /)
    expect(await client.send([`nobody@${name}`], makeMessage('also'))).toMatch(/^550 5\.1\.1 /)
    expect(await messagesOf(database(), world().mailbox.id)).toHaveLength(before + 1)
    client.destroy()
  })

  describe('a refused transaction', () => {
    it('leaves a journey with each recipient and its reply', async () => {
      const client = await begun()
      const unknown = await client.command(`RCPT TO:<${at('nobody')}>`)
      await client.command('QUIT')
      const id = journeyIn(unknown)
      const [journey] = await eventually(async () => {
        const rows = await journeysOf(database(), id)
        return rows.length > 0 && rows
      })
      expect(journey).toMatchObject({ status: 'refused', tenantId: world().tenant.id, recipients: [at('nobody')] })
    })

    it('that was aborted shows each tenant its own share', async () => {
      const client = await begun()
      await client.command(`RCPT TO:<${at('nobody')}>`)
      const refused = await client.command('RCPT TO:<x@foreign.example>')
      await client.command(`RCPT TO:<${world().address}>`)
      client.reset()
      const rows = await eventually(async () => {
        const found = await journeysOf(database(), journeyIn(refused))
        return found.length > 0 && found
      })
      expect(rows.map((row) => row.status).sort()).toEqual(['partial', 'refused'])
    })
  })

  describe('MAIL', () => {
    const cases: [string, RegExp][] = [
      ['<a@b.example> SIZE=99999999999', /^552 5\.3\.4 .*jrn_/],
      ['<a@b.example> SIZE=x', /^501 5\.5\.4 /],
      ['<a@b.example> SIZE=1 SIZE=1', /^501 5\.5\.4 /],
      ['<a@b.example> BODY=BINARYMIME', /^501 5\.5\.4 /],
      ['<a@b.example> FOO=bar', /^555 5\.5\.4 /],
      ['<a@b.example> BODY=8BITMIME SIZE=100', /^250 /],
      ['<\u00fcser@b.example>', /^553 5\.6\.7 /],
      ['<\u00fcser@b.example> SMTPUTF8', /^250 /],
      ['a@b.example', /^501 5\.1\.7 /],
      ['<a@b.example', /^501 5\.1\.7 /],
      ['<a b@c.example>', /^501 5\.1\.7 /],
      ['<>', /^250 /],
      ['<"a.b"@c.example>', /^250 /],
    ]
    for (const [command, expected] of cases) {
      it(`FROM:${command} is answered ${expected.source}`, async () => {
        const client = await server().client()
        await client.command('EHLO x')
        expect(await client.command(`MAIL FROM:${command}`)).toMatch(expected)
        client.destroy()
      })
    }
  })

  describe('the copies of one message', () => {
    it('have ids of one time, when the message came, whoever else got it in between', async () => {
      const { db } = database()
      const { scope, domain } = world()
      const boxes: { id: string; address: string }[] = []
      for (let index = 0; index < 12; index += 1) {
        boxes.push(await makeMailbox(db, scope, { domainId: domain.id, address: at(`copy${index}`) }))
      }
      // The server's clock differs from the one that ids otherwise have.
      server().advance(60_000)
      const client = await server().client()
      const references = Array.from({ length: 100 }, (_, index) => ` <${index}${'x'.repeat(200)}@remote.example>\r\n`)
      const message = `References:\r\n${references.join('')}${makeMessage('copies')}`
      expect(
        await client.send(
          boxes.map(({ address }) => address),
          message,
        ),
      ).toMatch(/^250 /)
      client.destroy()
      const copies = (await Promise.all(boxes.map(({ id }) => messagesOf(database(), id)))).flat()
      expect(copies).toHaveLength(boxes.length)
      const times = copies.flatMap(({ id, threadId }) => [id, threadId].map((one) => one.slice(4, 14)))
      const [first] = copies
      const time = createApartId('msg', first?.receivedAt ?? new Date(0)).slice(4, 14)
      expect(new Set(times)).toEqual(new Set([time]))
    })
  })

  describe('an address created by another process', () => {
    it('is accepted on the connection that refused it', async () => {
      const client = await begun()
      const address = at('later')
      expect(await client.command(`RCPT TO:<${address}>`)).toMatch(/^550 5\.1\.1 /)
      await alias(address, [world().address])
      await eventually(async () => (await client.command(`RCPT TO:<${address}>`)).startsWith('250'))
      client.destroy()
    })
  })

  describe('recipients of several tenants', () => {
    it('get a copy each, and each tenant its own share of the journey', async () => {
      const other = await makeTenant(database().db)
      const domain = await makeDomain(database().db, tenantScope(other.id))
      const box = await makeMailbox(database().db, tenantScope(other.id), {
        domainId: domain.id,
        address: `x@${domain.name}`,
      })
      const client = await server().client()
      const reply = await client.send([world().address, box.address], makeMessage('both'))
      expect(reply).toMatch(/^250 /)
      const journeys = await journeysOf(database(), journeyIn(reply))
      expect(journeys.map((row) => row.recipients).sort()).toEqual([[world().address], [box.address]].sort())
      const [mine] = (await messagesOf(database(), box.id)).slice(-1)
      expect(mine?.tenantId).toBe(other.id)
      client.destroy()
    })
  })

  describe('a client that tries many addresses', () => {
    it('is disconnected after ten unknown ones', async () => {
      server().config = {
        ...server().config,
        smtp: { ...server().config.smtp, limits: { ...server().config.smtp.limits, exempt: [] } },
      }
      const client = await begun()
      const replies: string[] = []
      for (let index = 0; index < 12; index += 1)
        replies.push((await client.command(`RCPT TO:<n${index}@${world().domain.name}>`)).slice(0, 9))
      expect(replies.filter((reply) => reply === '550 5.1.1')).toHaveLength(10)
      expect(replies[10]).toBe('421 4.7.0')
      await client.untilClosed()
    })
  })
})
