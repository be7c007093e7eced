import { afterEach, describe, expect, it } from 'vitest'
import { RawClient } from './support/client.ts'
import { eventually, journeyIn, journeysOf, makeMessage } from './support/server.ts'
import { useServer } from './support/suite.ts'

const { server, world } = useServer()
const initial: { config: ReturnType<typeof server>['config'] | null } = { config: null }

function limit(limits: Partial<ReturnType<typeof server>['config']['smtp']['limits']>, smtp: object = {}): void {
  const { config } = server()
  initial.config ??= config
  server().config = { ...config, smtp: { ...config.smtp, ...smtp, limits: { ...config.smtp.limits, ...limits } } }
}
afterEach(() => {
  if (initial.config !== null) server().config = initial.config
})
/** Waits until the connections of earlier tests are gone. */
const quiet = () => eventually(() => Promise.resolve(server().listener('inbound').connections.size === 0))

describe('the number of connections', () => {
  it('is kept by evicting the oldest client that has not sent MAIL', async () => {
    await quiet()
    limit({ max_connections: 3 })
    const busy = await server().client()
    await busy.command('EHLO x')
    expect(await busy.command('MAIL FROM:<a@b.example>')).toMatch(/^250 /)
    const oldest = await server().client()
    const idle = await server().client()
    const late = await server().client()
    expect(await oldest.reply()).toMatch(/^421 4\.7\.0 /)
    await oldest.untilClosed()
    expect(await late.send(world().address, makeMessage())).toMatch(/^250 /)
    expect(await busy.command(`RCPT TO:<${world().address}>`)).toMatch(/^250 /)
    expect(await idle.command('NOOP')).toMatch(/^250 /)
    for (const client of [busy, idle, late]) client.destroy()
  })

  it('is kept with 421 when all clients have sent MAIL', async () => {
    await quiet()
    limit({ max_connections: 1 })
    const busy = await server().client()
    await busy.command('EHLO x')
    await busy.command('MAIL FROM:<a@b.example>')
    const late = await server().client({ greeting: false })
    expect(await late.reply()).toMatch(/^421 4\.7\.0 /)
    await late.untilClosed()
    busy.destroy()
  })

  it.each(['inbound', 'submissions'] as const)(
    'is kept on %s by evicting clients without progress, whatever they did before',
    async (listener) => {
      await eventually(() => Promise.resolve(server().listener(listener).connections.size === 0))
      limit({ max_connections: 1 })
      const { connections } = server().listener(listener)
      const evicted: string[] = []
      const pinned = connections.admit('192.0.2.1', () => evicted.push('pinned'))
      if (pinned === null) throw new Error('refused')
      connections.completedMail(pinned)
      expect(connections.admit('192.0.2.2', () => undefined)).toBeNull()
      server().advance(11_000)
      connections.completedMail(pinned)
      const late = connections.admit('192.0.2.2', () => undefined)
      expect(evicted).toEqual(['pinned'])
      if (late === null) throw new Error('refused')
      connections.release(late)
    },
  )

  it('is limited per address, unless it is exempt', async () => {
    await quiet()
    limit({ per_address: 1, exempt: [] })
    const first = await server().client()
    const second = await server().client({ greeting: false })
    expect(await second.reply()).toMatch(/^421 4\.7\.0 /)
    limit({ per_address: 1, exempt: ['127.0.0.0/8'] })
    const third = await server().client()
    first.destroy()
    third.destroy()
  })

  it('is limited per address and minute', async () => {
    await quiet()
    limit({ new_per_minute_per_address: 2, exempt: [] })
    server().advance(61_000)
    for (const expected of [/^220 /, /^220 /, /^421 /]) {
      const client = await server().client({ greeting: false })
      expect(await client.reply()).toMatch(expected)
      client.destroy()
    }
    server().advance(61_000)
    const client = await server().client()
    client.destroy()
  })
})

describe('deadlines', () => {
  it('end a client that has not sent MAIL after a minute', async () => {
    const client = await server().client()
    server().advance(59_000)
    expect(await client.command('EHLO x')).toMatch(/^250-/)
    server().advance(2000)
    expect(await client.reply()).toMatch(/^421 4\.7\.0 /)
    await client.untilClosed()
  })

  it('end a client that sends fewer than 500 bytes a second after 30 s', async () => {
    const client = await server().client()
    await client.upToData(world().address)
    await client.write('Subject: slow\r\n')
    server().advance(29_000)
    await client.write('x')
    server().advance(2000)
    expect(await client.reply()).toMatch(/^421 4\.7\.0 /)
    await client.untilClosed()
    expect(await eventually(async () => (await server().leftovers()).length === 0)).toBe(true)
  })

  it('allow a slow but steady sender, and end every session after 30 minutes', async () => {
    const client = await server().client()
    await client.upToData(world().address)
    await client.write(`Subject: steady\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(5000)}`)
    await eventually(async () => (await server().leftovers()).length > 0)
    server().advance(31_000)
    await client.write('\r\n.\r\n')
    expect(await client.reply()).toMatch(/^250 /)
    server().advance(30 * 60_000)
    expect(await client.reply()).toMatch(/^421 /)
    await client.untilClosed()
  })
})

describe('the size limit', () => {
  it('is enforced at MAIL when SIZE is declared, and otherwise after the message', async () => {
    limit({}, { max_message_size_mb: 1 })
    const client = await server().client()
    expect(await client.upToData(world().address, 'a@b.example', ' SIZE=2000000')).toMatch(/^552 5\.3\.4 .*jrn_/)
    expect(await client.upToData(world().address)).toMatch(/^354/)
    await client.write(`${'x'.repeat(998)}\r\n`.repeat(1100))
    const reply = await client.command('.')
    expect(reply).toMatch(/^552 5\.3\.4 .*\(jrn_[0-9a-z]{26}\)$/)
    expect(await server().leftovers()).toEqual([])
    expect(await client.send(world().address, makeMessage('after'))).toMatch(/^250 /)
    const [journey] = await eventually(async () => {
      const rows = await journeysOf(server().database, journeyIn(reply))
      return rows.length > 0 && rows
    })
    expect(journey?.status).toBe('refused')
    client.destroy()
  })

  it('stops reading a message that exceeds it by a tenth', async () => {
    limit({}, { max_message_size_mb: 1 })
    const client = await server().client()
    await client.upToData(world().address)
    const line = `${'x'.repeat(998)}\r\n`
    await client.write(line.repeat(1200))
    const reply = await client.reply()
    expect(reply).toMatch(/^552 5\.3\.4 .*\(jrn_[0-9a-z]{26}\)$/)
    await client.untilClosed()
    expect(await server().leftovers()).toEqual([])
    const [journey] = await eventually(async () => {
      const rows = await journeysOf(server().database, journeyIn(reply))
      return rows.length > 0 && rows
    })
    expect(journey?.status).toBe('refused')
  })
})

describe('front ends', () => {
  it('that are trusted name the client with XCLIENT', async () => {
    limit({}, { trusted_xclient: ['127.0.0.1/32'] })
    const client = await server().client()
    expect(await client.command('EHLO proxy')).toContain('XCLIENT')
    expect(await client.command('XCLIENT NAME=mx.far.example ADDR=192.0.2.77')).toMatch(/^220 /)
    const reply = await client.send(world().address, makeMessage('forwarded'))
    const [journey] = await journeysOf(server().database, journeyIn(reply))
    expect(journey?.remoteAddress).toBe('192.0.2.77')
    expect(await client.command('XCLIENT ADDR=192.0.2.78')).toMatch(/^550 /)
    client.destroy()
  })

  it.each([
    ['::ffff:192.0.2.79', '192.0.2.79'],
    ['IPv6:::ffff:c000:250', '192.0.2.80'],
    ['IPv6:2001:DB8:0:0:0:0:0:51', '2001:db8::51'],
  ])('may write a client as %s, which is stored as %s', async (written, plain) => {
    limit({}, { trusted_xclient: ['127.0.0.1/32'], trusted_proxies: [] })
    const client = await server().client()
    expect(await client.command(`XCLIENT ADDR=${written}`)).toMatch(/^220 /)
    const reply = await client.send(world().address, makeMessage('mapped'))
    const [journey] = await journeysOf(server().database, journeyIn(reply))
    expect(journey?.remoteAddress).toBe(plain)
    client.destroy()
  })

  it('that speak for many clients are limited per client', async () => {
    await quiet()
    limit({ per_address: 1, exempt: [] }, { trusted_xclient: ['127.0.0.1/32'] })
    const open = async (address: string) => {
      const client = await server().client()
      expect(await client.command(`XCLIENT ADDR=${address}`)).toMatch(/^220 /)
      return client
    }
    const first = await open('192.0.2.1')
    const other = await open('192.0.2.2')
    const second = await open('192.0.2.1')
    expect(await second.reply()).toMatch(/^421 4\.7\.0 /)
    await second.untilClosed()
    for (const one of [first, other]) expect(await one.send(world().address, makeMessage())).toMatch(/^250 /)
    // A front end that names nobody is the client itself.
    const own = await server().client()
    const again = await server().client()
    expect(await own.upToData(world().address)).toMatch(/^354/)
    expect(await again.upToData(world().address)).toMatch(/^421 4\.7\.0 /)
    for (const one of [first, other, own]) one.destroy()
  })

  it('that are trusted name the client with a PROXY header, and others cannot', async () => {
    const stranger = await server().client({ greeting: false })
    await stranger.write('PROXY TCP4 192.0.2.9 127.0.0.1 4711 25\r\n')
    expect(await stranger.reply()).toMatch(/^421 /)
    limit({ per_address: 1, exempt: [] }, { trusted_proxies: ['127.0.0.1'] })
    const open = (address: string, kind?: string) => proxied(server().listener('inbound').port, address, kind)
    const client = await open('192.0.2.9')
    expect(await client.reply()).toMatch(/^220 /)
    const reply = await client.send(world().address, makeMessage('proxied'))
    const [journey] = await journeysOf(server().database, journeyIn(reply))
    expect(journey?.remoteAddress).toBe('192.0.2.9')
    const second = await open('192.0.2.9')
    expect(await second.reply()).toMatch(/^421 /)
    const other = await open('192.0.2.10')
    expect(await other.reply()).toMatch(/^220 /)
    const mapped = await open('::ffff:c000:20b', 'TCP6')
    expect(await mapped.reply()).toMatch(/^220 /)
    const [shown] = await journeysOf(server().database, journeyIn(await mapped.send(world().address, makeMessage())))
    expect(shown?.remoteAddress).toBe('192.0.2.11')
    for (const one of [client, second, other, mapped]) one.destroy()
  })
})

async function proxied(port: number, address: string, kind = 'TCP4'): Promise<RawClient> {
  const client = await RawClient.open(port, { greeting: false })
  await client.write(`PROXY ${kind} ${address} ${kind === 'TCP4' ? '127.0.0.1' : '::1'} 4711 25\r\n`)
  return client
}
