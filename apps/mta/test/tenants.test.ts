import { makeDomain, makeMailbox, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { RawClient } from './support/client.ts'
import {
  eventually,
  journeyIn,
  journeysOf,
  makeMessage,
  makeWorld,
  messagesOf,
  PASSWORD,
  plain,
} from './support/server.ts'
import { useServerOn, type World } from './support/suite.ts'

withDatabases((database) => {
  const { server, world } = useServerOn(database)
  let other: World
  beforeAll(async () => {
    other = await makeWorld(database())
  })

  const mailboxIn = ({ scope, domain }: World, name: string, quotaBytes: number | null = null) =>
    makeMailbox(database().db, scope, { domainId: domain.id, address: `${name}@${domain.name}`, quotaBytes })
  const send = async (to: string[], message = makeMessage()): Promise<string> => {
    const client = await server().client()
    const reply = await client.send(to, message)
    client.destroy()
    return reply
  }
  const stored = async (mailboxId: string) => {
    const rows = await messagesOf(database(), mailboxId)
    return Promise.all(rows.map(async (row) => ({ ...row, raw: (await server().blobs.read(row.blobKey)).toString() })))
  }

  describe('a submission to a domain that another tenant has added but not proved', () => {
    it('goes elsewhere as to any foreign domain, and that tenant learns nothing of it', async () => {
      const { name } = await makeDomain(database().db, other.scope, { status: 'pending' })
      const client = await RawClient.open(server().listener('submission').port)
      await client.command('EHLO user.example')
      await client.startTls()
      await client.command('EHLO user.example')
      expect(await client.command(`AUTH PLAIN ${plain(world().address, PASSWORD)}`)).toMatch(/^235 /)
      await client.command(`MAIL FROM:<${world().address}>`)
      const reply = await client.command(`RCPT TO:<friend@${name}>`)
      expect(reply).toMatch(/^250 /)
      await client.command('DATA')
      const accepted = await client.command(`From: ${world().address}\r\n\r\nHi\r\n.`)
      client.destroy()
      const journeys = await eventually(async () => {
        const rows = await journeysOf(database(), journeyIn(accepted))
        return rows.length > 0 && rows
      })
      expect(journeys.map(({ tenantId }) => tenantId)).not.toContain(other.scope.tenantId)
    })
  })

  describe('a message to recipients of two tenants', () => {
    it('is stored once per tenant, without naming recipients of the other', async () => {
      const [ann, bob] = [await mailboxIn(world(), 'ann'), await mailboxIn(world(), 'bob')]
      const carol = await mailboxIn(other, 'carol')
      const reply = await send([ann.address, carol.address, bob.address])
      expect(reply).toMatch(/^250 /)
      const [toAnn, toBob, toCarol] = (await Promise.all([ann, bob, carol].map(({ id }) => stored(id)))).flat()
      expect(toAnn?.blobKey).toBe(toBob?.blobKey)
      expect(toCarol?.blobKey).not.toBe(toAnn?.blobKey)
      expect(toCarol?.raw).toContain(`Delivered-To: ${carol.address}\r\n`)
      expect(toCarol?.raw).not.toContain(world().domain.name)
      expect(toAnn?.raw).not.toMatch(/^Delivered-To:/m)
      expect(toAnn?.raw).not.toContain(other.domain.name)
      const journeys = await journeysOf(database(), journeyIn(reply))
      expect(journeys.map(({ tenantId }) => tenantId).sort()).toEqual(
        [world().scope.tenantId, other.scope.tenantId].sort(),
      )
    })

    it('reaches each of them even if the other mailbox is too small for it', async () => {
      const [free, small] = [await mailboxIn(world(), 'free'), await mailboxIn(other, 'small', 1000)]
      const message = makeMessage('large', 'x'.repeat(900).concat('\r\n').repeat(3))
      expect(await send([small.address], message)).toMatch(/^552 5\.2\.2 /)
      expect(await send([small.address, free.address], message)).toMatch(/^250 /)
      expect(await stored(free.id)).toMatchObject([{ subject: 'large' }])
      expect(await stored(small.id)).toMatchObject([{ subject: 'large' }])
      expect(await send([small.address], makeMessage())).toMatch(/^452 4\.2\.2 /)
    })
  })
})
