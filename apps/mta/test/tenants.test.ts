import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { journeyIn, journeysOf, makeMessage, makeWorld, messagesOf } from './support/server.ts'
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
