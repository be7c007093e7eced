import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { eventually, makeMessage } from './support/server.ts'
import { useServer } from './support/suite.ts'

const { server, world } = useServer()

describe('a client that disconnects', () => {
  it('in the middle of a large message leaves nothing behind', async () => {
    for (const how of ['reset', 'end', 'destroy'] as const) {
      const client = await server().client()
      await client.upToData(world().address)
      await client.write(`Subject: x\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(10_000)}`)
      await eventually(async () => (await server().leftovers()).length > 0)
      client[how]()
      await eventually(async () => (await server().leftovers()).length === 0)
    }
    await eventually(() => Promise.resolve(server().listener('inbound').connections.size === 0))
  })

  it('before the greeting does no harm', async () => {
    await Promise.all(
      Array.from({ length: 50 }, () => {
        return new Promise<void>((resolve) => {
          const socket = connect(server().listener('submissions').port, '127.0.0.1', () => {
            socket.write('not tls at all')
            socket.resetAndDestroy()
            resolve()
          })
        })
      }),
    )
    const client = await server().client()
    expect(await client.send(world().address, makeMessage())).toMatch(/^250 /)
    client.destroy()
  })
})
