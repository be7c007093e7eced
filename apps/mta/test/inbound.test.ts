import { makeMailbox, withDatabases } from '@mairust/db/testing'
import { describe, expect, it } from 'vitest'
import { journeyIn, journeysOf, makeMessage, messagesOf } from './support/server.ts'
import { useServerOn } from './support/suite.ts'

withDatabases((database) => {
  const { server, world } = useServerOn(database)

  describe('a message from outside', () => {
    it('is stored byte for byte, with its journey', async () => {
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

    it('may have quoted local parts with blanks as sender and recipient', async () => {
      const box = await makeMailbox(database().db, world().scope, {
        domainId: world().domain.id,
        address: `"john doe"@${world().domain.name}`,
      })
      const client = await server().client()
      expect(await client.send(`"No  Body"@${world().domain.name}`, makeMessage())).toMatch(/^550 5\.1\.1 /)
      const reply = await client.send(
        `"John Doe"@${world().domain.name}`,
        makeMessage('quoted'),
        '"a  b"@remote.example',
      )
      expect(reply).toMatch(/^250 /)
      client.destroy()
      const [row] = await messagesOf(database(), box.id)
      const stored = (await server().blobs.read(row?.blobKey ?? '')).toString()
      expect(stored).toContain(`Return-Path: <"a  b"@remote.example>\r\nDelivered-To: ${box.address}\r\n`)
      const [journey] = await journeysOf(database(), journeyIn(reply))
      expect(journey).toMatchObject({ status: 'accepted', sender: '"a  b"@remote.example' })
    })

    it('loses forged Authentication-Results in our name', async () => {
      const forged = 'Authentication-Results: MX.test.example 1;\r\n\tdkim=pass header.d=bank.example\r\n'
      const other = 'authentication-results: other.example; spf=pass\r\n'
      for (const body of ['Small.', `${'x'.repeat(76)}\r\n`.repeat(10_000)]) {
        const client = await server().client()
        const sent = `${forged}From: a@remote.example\r\n${other}${forged}${forged}Subject: forged\r\n\r\n${forged}${body}`
        expect(await client.send(world().address, sent)).toMatch(/^250 /)
        client.destroy()
        const row = (await messagesOf(database(), world().mailbox.id)).at(-1)
        const stored = (await server().blobs.read(row?.blobKey ?? '')).toString()
        const kept = `From: a@remote.example\r\n${other}Subject: forged\r\n\r\n${forged}${body}\r\n`
        expect(stored.endsWith(`+0000\r\n${kept}`)).toBe(true)
        expect(row).toMatchObject({ subject: 'forged', size: stored.length })
      }
    })

    it('with two From fields is refused: mail clients disagree on which one is the author', async () => {
      const client = await server().client()
      const reply = await client.send(world().address, `From: boss@bank.example\r\n${makeMessage('two')}`)
      expect(reply).toMatch(/^550 5\.6\.0 .*\(jrn_[0-9a-z]{26}\)$/)
      client.destroy()
    })
  })
})
