import { withDatabases } from '@mairust/db/testing'
import { describe, expect, it } from 'vitest'
import { journeyIn, journeysOf, makeMessage, messagesOf } from './support/server.ts'
import { useServerOn } from './support/suite.ts'

withDatabases((database) => {
  const { server, world } = useServerOn(database)

  describe('a message from outside', () => {
    it('is kept with exactly the bytes that were sent, and told by its journey', async () => {
      const client = await server().client()
      const message = makeMessage('Hello', 'caf\u00e9\r\n.\r\n..leading dots')
      const reply = await client.send(world().address, message.replaceAll('\r\n.', '\r\n..'))
      expect(reply).toMatch(/^250 2\.0\.0 Accepted jrn_[0-9a-z]{26}$/)
      client.destroy()

      const [row] = await messagesOf(database(), world().mailbox.id)
      expect(row).toMatchObject({ subject: 'Hello', fromAddress: 'sender@remote.example', parseError: null })
      const stored = await server().blobs.read(row?.blobKey ?? '')
      expect(stored.toString()).toContain(`Return-Path: <sender@remote.example>\r\n`)
      expect(stored.toString()).toMatch(
        new RegExp(
          `\\(client\\.test\\.example \\[127\\.0\\.0\\.1\\]\\)\\s+by mx\\.test\\.example\\s+with ESMTP\\s+id ${journeyIn(reply)}`,
        ),
      )
      expect(stored.subarray(-Buffer.byteLength(message) - 2).toString()).toBe(`${message}\r\n`)
      expect(row?.size).toBe(stored.length)

      const [journey] = await journeysOf(database(), journeyIn(reply))
      expect(journey).toMatchObject({
        tenantId: world().tenant.id,
        status: 'accepted',
        reply,
        sender: 'sender@remote.example',
      })
    })

    it('with two From fields is refused: programs disagree on which one is the author', async () => {
      const client = await server().client()
      const reply = await client.send(world().address, `From: boss@bank.example\r\n${makeMessage('two')}`)
      expect(reply).toMatch(/^550 5\.6\.0 .*\(jrn_[0-9a-z]{26}\)$/)
      client.destroy()
    })
  })
})
