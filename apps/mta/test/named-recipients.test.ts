import { withDatabases } from '@mairust/db/testing'
import { describe, expect, it } from 'vitest'
import type { RawClient } from './support/client.ts'
import { eventually, makeMessage } from './support/server.ts'
import { useServerOn } from './support/suite.ts'

withDatabases((database) => {
  const { server, world } = useServerOn(database)
  let clients = 0

  /** A client that says a name of its own, by which its journeys are found. */
  const greeted = async (): Promise<{ client: RawClient; helo: string }> => {
    clients += 1
    const [client, helo] = [await server().client(), `client${clients}.example`]
    await client.command(`EHLO ${helo}`)
    return { client, helo }
  }
  const known = (count: number): string[] =>
    Array.from({ length: count }, (_, at) => world().address.replace('@', `+${at}@`))
  const foreign = (count: number): string[] => Array.from({ length: count }, (_, at) => `u${at}@foreign.example`)

  /** Sends MAIL and a RCPT for each address; returns how often each reply came. */
  const named = async (client: RawClient, addresses: readonly string[]): Promise<Record<string, number>> => {
    await client.command('MAIL FROM:<>')
    await client.write(addresses.map((address) => `RCPT TO:<${address}>\r\n`).join(''))
    const counts: Record<string, number> = {}
    for (let left = addresses.length; left > 0; left -= 1) {
      const kind = (await client.reply()).slice(0, 9)
      counts[kind] = (counts[kind] ?? 0) + 1
    }
    return counts
  }

  /** The client's journeys, once there are so many, oldest first, with the number of rows for their recipients. */
  const journeysFrom = async (helo: string, count: number) => {
    const { journeys, journeyRecipients } = database().db.tables
    const rows = await eventually(async () => {
      const found = (await database().db.select().from(journeys)).filter((row) => row.helo === helo)
      return found.length >= count && found
    })
    const ids = new Set(rows.map(({ id }) => id))
    const recipients = await database().db.select().from(journeyRecipients)
    return { rows, recipients: recipients.filter(({ journeyId }) => ids.has(journeyId)) }
  }
  const counted = (steps: readonly { name: string; detail: string; recipient?: string | null }[]) =>
    steps.filter(({ name }) => name === 'more recipients').map(({ detail, recipient }) => [detail, recipient])

  describe('recipients over the limit', () => {
    it('leave one step for all, and end the connection', async () => {
      const before = server().config
      server().config = { ...before, smtp: { ...before.smtp, max_recipients: 10 } }
      const { client, helo } = await greeted()
      // 500 are free, 60 more count as refusals.
      expect(await named(client, known(570))).toEqual({ '250 2.1.5': 10, '452 4.5.3': 559, '421 4.7.0': 1 })
      await client.untilClosed()
      server().config = before
      const { rows, recipients } = await journeysFrom(helo, 1)
      expect(recipients.map(({ reason }) => reason).filter((reason) => reason !== '')).toEqual(['too_many_recipients'])
      expect(recipients).toHaveLength(11)
      expect(rows.map(({ steps }) => counted(steps))).toEqual([[['559 more over the limit', '*']]])
    })

    it('cost a sender nothing that sends the rest in another transaction', async () => {
      const { client } = await greeted()
      for (let round = 0; round < 3; round += 1) {
        expect(await named(client, known(250))).toEqual({ '250 2.1.5': 100, '452 4.5.3': 150 })
        await client.command('DATA')
        expect(await client.command(`${makeMessage()}\r\n.`)).toMatch(/^250 /)
      }
      client.destroy()
    })
  })

  describe('a transaction without a message', () => {
    it('names twenty refused recipients, and counts the others', async () => {
      const { client, helo } = await greeted()
      await named(client, foreign(120))
      await client.command('QUIT')
      const { rows, recipients } = await journeysFrom(helo, 1)
      expect(recipients).toHaveLength(20)
      expect(rows[0]?.steps.filter(({ kind }) => kind === 'rcpt')).toHaveLength(21)
      expect(rows[0]?.steps.at(-2)?.detail).toBe('100 more refusals of foreign recipients')
    })

    it('names fifty of the recipients whose message was refused', async () => {
      const { client, helo } = await greeted()
      await named(client, known(100))
      await client.command('DATA')
      expect(await client.command('Subject: x\r\n\r\nbare\nline\r\n.')).toMatch(/^550 /)
      client.destroy()
      const { rows, recipients } = await journeysFrom(helo, 1)
      expect(recipients).toHaveLength(50)
      expect(rows.map(({ steps }) => counted(steps))).toEqual([[['50 more got no message', '*']]])
    })

    it('names two hundred with the others of its connection, and then one each', async () => {
      const { client, helo } = await greeted()
      for (let round = 0; round < 7; round += 1) {
        await named(client, known(100))
        await client.command('RSET')
      }
      client.destroy()
      const { rows, recipients } = await journeysFrom(helo, 7)
      expect(rows.map((row) => row.recipients.length).sort((a, b) => b - a)).toEqual([50, 50, 50, 50, 1, 1, 1])
      expect(recipients).toHaveLength(203)
    })
  })

  it('names every recipient of a message', async () => {
    const { client, helo } = await greeted()
    await named(client, known(100))
    await client.command('DATA')
    await client.command(`${makeMessage()}\r\n.`)
    client.destroy()
    expect((await journeysFrom(helo, 1)).recipients).toHaveLength(100)
  })
})
