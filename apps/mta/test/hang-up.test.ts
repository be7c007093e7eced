import { withDatabases } from '@mairust/db/testing'
import { describe, expect, it } from 'vitest'
import { createMessageIndexer } from '@mairust/intake'
import { eventually, journeyIn, journeysOf, makeMessage, messagesOf } from './support/server.ts'
import { useServerOn } from './support/suite.ts'

/** Holds each message at indexing until the test opens the door. */
function door() {
  const indexer = createMessageIndexer()
  let waiting: (() => void)[] = []
  return {
    indexer: {
      ...indexer,
      index: async (...given: Parameters<typeof indexer.index>) => {
        await new Promise<void>((resolve) => waiting.push(resolve))
        return indexer.index(...given)
      },
    },
    reached: () => eventually(() => Promise.resolve(waiting.length > 0)),
    open: () => {
      for (const resolve of waiting) resolve()
      waiting = []
    },
  }
}

withDatabases((database) => {
  const { indexer, reached, open } = door()
  const { server, world } = useServerOn(database, { indexer })
  const gone = () => eventually(() => Promise.resolve(server().listener('inbound').connections.size === 0))
  const refusedAtMail = async () => {
    const client = await server().client()
    await client.command('EHLO x')
    return { client, id: journeyIn(await client.command('MAIL FROM:<a@b.example> SIZE=99999999999')) }
  }

  describe('a client that hangs up after the final dot', () => {
    for (const how of ['end', 'reset'] as const) {
      it(`(${how}) has its message stored, with one accepted journey`, async () => {
        const before = (await messagesOf(database(), world().mailbox.id)).length
        const client = await server().client()
        await client.upToData(world().address)
        await client.write(`${makeMessage(how)}\r\n.\r\n`)
        await reached()
        client[how]()
        await gone()
        // Refusals of other clients are recorded meanwhile.
        const other = await refusedAtMail()
        open()
        const rows = await eventually(async () => {
          const found = (await messagesOf(database(), world().mailbox.id)).slice(before)
          return found.length > 0 && found
        })
        expect(rows.map(({ subject }) => subject)).toEqual([how])
        const id = rows[0]?.journeyId ?? ''
        expect((await journeysOf(database(), id)).map(({ status }) => status)).toEqual(['accepted'])
        const [refused] = await eventually(async () => {
          const found = await journeysOf(database(), other.id)
          return found.length > 0 && found
        })
        expect(refused?.status).toBe('refused')
        other.client.destroy()
      })
    }
  })

  describe('a client that hangs up at once after a message with many dots', () => {
    it('has it stored: unstuffing dots takes several steps, and is finished first', async () => {
      const before = (await messagesOf(database(), world().mailbox.id)).length
      const client = await server().client()
      await client.upToData(world().address)
      await client.write(`${makeMessage('dots', '..\r\n'.repeat(2000))}.\r\n`)
      client.end()
      await reached()
      open()
      const [row] = await eventually(async () => {
        const found = (await messagesOf(database(), world().mailbox.id)).slice(before)
        return found.length > 0 && found
      })
      const raw = await server().blobs.read(row?.blobKey ?? '')
      expect(raw.toString().endsWith(`\r\n\r\n${'.\r\n'.repeat(2000)}`)).toBe(true)
    })
  })

  describe('a client that hangs up within its message', () => {
    for (const how of ['end', 'destroy'] as const) {
      it(`(${how}) over TLS leaves an aborted journey, and the server keeps running`, async () => {
        const sender = `tls-${how}@remote.example`
        const client = await server().client()
        await client.command('EHLO x')
        await client.startTls()
        await client.command('EHLO x')
        await client.command(`MAIL FROM:<${sender}>`)
        expect(await client.command(`RCPT TO:<${world().address}>`)).toMatch(/^250 /)
        client[how]()
        await gone()
        const { journeys } = database().db.tables
        const rows = await eventually(async () => {
          const found = (await database().db.select().from(journeys)).filter((row) => row.sender === sender)
          return found.length > 0 && found
        })
        expect(rows.map(({ status }) => status)).toEqual(['aborted'])
      })
    }

    it('leaves an aborted journey', async () => {
      const client = await server().client()
      await client.upToData(world().address)
      await client.write('Subject: half')
      client.reset()
      await gone()
      const { journeys } = database().db.tables
      const rows = await eventually(async () => {
        const found = (await database().db.select().from(journeys)).filter(
          ({ sender, status }) => sender === 'sender@remote.example' && status === 'aborted',
        )
        return found.length > 0 && found
      })
      expect(rows.map(({ recipients }) => recipients)).toEqual([[world().address]])
    })
  })
})
