import { describe, expect, it } from 'vitest'
import { makeMessage } from './support/server.ts'
import { useServer } from './support/suite.ts'

const { server, world } = useServer()

describe('a draining server', () => {
  it('finishes open transactions, then disconnects', async () => {
    const [writing, ready, idle] = await Promise.all([server().client(), server().client(), server().client()])
    await writing.upToData(world().address)
    await ready.command('EHLO x')
    await ready.command('MAIL FROM:<a@b.example>')
    server().listener('inbound').drain()

    expect(await idle.reply()).toMatch(/^421 4\.3\.2 /)
    expect(await writing.command(`${makeMessage('last')}\r\n.`)).toMatch(/^250 /)
    expect(await writing.reply()).toMatch(/^421 4\.3\.2 /)
    expect(await ready.command('RSET')).toMatch(/^250 /)
    expect(await ready.reply()).toMatch(/^421 4\.3\.2 /)
    await Promise.all([writing.untilClosed(), ready.untilClosed(), idle.untilClosed()])
    expect(server().listener('inbound').connections.size).toBe(0)
  })
})
