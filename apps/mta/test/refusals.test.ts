import { makeMailbox } from '@mairust/db/testing'
import { describe, expect, it } from 'vitest'
import type { RawClient } from './support/client.ts'
import { makeMessage } from './support/server.ts'
import { useServer } from './support/suite.ts'

const { server, world } = useServer()

async function greeted(): Promise<RawClient> {
  const client = await server().client()
  await client.command('EHLO x')
  return client
}

/** Counts the replies by code until the connection is closed. */
async function countReplies(client: RawClient): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (let reply = await client.reply(); reply !== ''; reply = await client.reply()) {
    const kind = reply.slice(0, 9)
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

describe('a client that is refused repeatedly', () => {
  it('at MAIL is disconnected after fifty refusals', async () => {
    const client = await greeted()
    await client.write('MAIL FROM:<a@b.example> FOO=bar\r\n'.repeat(60))
    expect(await countReplies(client)).toEqual({ '555 5.5.4': 50, '421 4.7.0': 1 })
  })

  it('at RCPT is disconnected after the recipient limit plus fifty', async () => {
    const client = await greeted()
    await client.command('MAIL FROM:<a@b.example>')
    await client.write('RCPT TO:<a@foreign.example>\r\n'.repeat(200))
    expect(await countReplies(client)).toEqual({ '550 5.7.1': 149, '421 4.7.0': 1 })
  })

  it('in aborted transactions is disconnected after fifty', async () => {
    const client = await greeted()
    await client.write('MAIL FROM:<a@b.example>\r\nRCPT TO:<a@foreign.example>\r\nRSET\r\n'.repeat(60))
    expect(await countReplies(client)).toMatchObject({ '250 2.1.0': 50, '421 4.7.0': 1 })
  })

  it('stays connected while its messages are accepted', async () => {
    const client = await greeted()
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 30; count += 1) {
        expect(await client.command('MAIL FROM:<a@b.example> FOO=bar')).toMatch(/^555 /)
      }
      expect(await client.send(world().address, makeMessage())).toMatch(/^250 /)
    }
    client.destroy()
  })
})

describe('a hundred recipients, only one of them deliverable', () => {
  it('each get a reply, and the message is stored for that one', async () => {
    const { scope, domain } = world()
    await makeMailbox(server().database.db, scope, {
      domainId: domain.id,
      address: `full@${domain.name}`,
      quotaBytes: 0,
    })
    const client = await greeted()
    await client.command('MAIL FROM:<a@b.example>')
    for (let count = 0; count < 99; count += 1) {
      expect(await client.command(`RCPT TO:<full+${count}@${domain.name}>`)).toMatch(/^452 4\.2\.2 /)
    }
    expect(await client.command(`RCPT TO:<${world().address}>`)).toMatch(/^250 /)
    await client.command('DATA')
    expect(await client.command(`${makeMessage()}\r\n.`)).toMatch(/^250 /)
    client.destroy()
  })
})
