import { describe, expect, it } from 'vitest'
import type { RemoteConnection, RemoteScript } from './support/remote.ts'
import { contentOf, results, SOON, useDeliveryBench } from './support/delivery.ts'

const bench = useDeliveryBench()
const TO = ['a@remote.test']
const LOST = 'deferred 451 4.4.2 The connection was lost'
const SILENT = 'deferred 451 4.4.1 The mail server did not answer'
const UNCONFIRMED = 'deferred 451 4.4.2 The mail server did not confirm the message'
const STEPS = ['banner', 'ehlo', 'mail', 'rcpt', 'data'] as const
const TIMEOUT_OF = { banner: 'banner', ehlo: 'hello', mail: 'mail', rcpt: 'rcpt', data: 'data' } as const

describe('O11 silence', () => {
  it.each(STEPS)('at %s ends in time, and the next host gets the mail', async (step) => {
    const [first, second] = [await bench().mx({ [step]: null }), await bench().mx()]
    bench().timeouts = { ...bench().timeouts, [TIMEOUT_OF[step]]: SOON }
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual({ a: 'delivered 250 2.0.0 queued' })
    expect([first.messages.length, second.messages.length]).toEqual([0, 1])
    expect(report.tries[0]?.conversation.at(-1)).toBe('(The mail server did not answer)')
  })

  it('after the final dot defers, is never success, and no other host gets the mail', async () => {
    await bench().mx({ end: null })
    const second = await bench().mx()
    bench().timeouts = { ...bench().timeouts, end: SOON }
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual({ a: UNCONFIRMED })
    expect(report.recipients[0]?.result).toMatchObject({ uncertain: true, tryNextHost: false })
    expect(second.connections).toEqual([])
  })

  it('broken by a byte now and then gains no time', async () => {
    await bench().mx({
      offers: [],
      rcpt: (connection) => {
        const drip = (): void => {
          if (connection.isClosed) return
          connection.write('2')
          setTimeout(drip, 5)
        }
        drip()
        return null
      },
    })
    bench().timeouts = { ...bench().timeouts, rcpt: SOON }
    expect(results(await bench().deliver(TO))).toEqual({ a: SILENT })
  })

  it('of a server that stops reading the message ends after the time for a block', async () => {
    await bench().mx({ offers: [], body: (connection) => connection.pause() })
    bench().timeouts = { ...bench().timeouts, block: SOON }
    const content = contentOf(Buffer.alloc(30_000_000, 'line\r\n'))
    expect(results(await bench().deliver(TO, { message: { content } }))).toEqual({ a: SILENT })
  })
})

describe('a server that is slow at every step, but in time', () => {
  const later = (reply: string, ms: number) => (connection: RemoteConnection) => {
    setTimeout(() => connection.isClosed || connection.write(`${reply}\r\n`), ms)
    return Buffer.alloc(0)
  }

  it('has so long for all of the opening', async () => {
    const first = await bench().mx({ ehlo: null })
    bench().timeouts = { ...bench().timeouts, opening: SOON }
    expect(results(await bench().deliver(TO))).toEqual({ a: SILENT })
    expect(first.connections).toHaveLength(1)
  })

  it('with many addresses has so long for all of them', async () => {
    const silent = (): null => {
      bench().now += 6 * 60_000
      return null
    }
    for (let index = 0; index < 4; index += 1) await bench().mx({ banner: silent })
    bench().timeouts = { ...bench().timeouts, banner: SOON }
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual({ a: SILENT })
    expect(report.tries).toHaveLength(2)
    expect(report.exhausted).toBe(true)
  })

  it('has so long for all recipients together', async () => {
    const many = Array.from({ length: 50 }, (_, index) => `r${index}@remote.test`)
    const mx = await bench().mx({ offers: [], rcpt: later('250 2.1.5 ok', SOON / 4) })
    bench().timeouts = { ...bench().timeouts, envelope: SOON, eachRecipient: 1 }
    const report = await bench().deliver(many)
    expect(new Set(Object.values(results(report)))).toEqual(new Set([SILENT]))
    expect(mx.connections[0]?.commands.length).toBeLessThan(50)
    expect(mx.messages).toEqual([])
  })

  it('has so long for the whole message', async () => {
    const mx = await bench().mx({
      offers: [],
      body: (connection) => {
        connection.discard()
        connection.pause()
        setTimeout(() => connection.resume(), 10)
      },
    })
    bench().timeouts = { ...bench().timeouts, block: 20 * SOON, bytesPerSecond: Infinity }
    const content = contentOf(Buffer.alloc(30_000_000, 'line\r\n'))
    expect(results(await bench().deliver(TO, { message: { content } }))).toEqual({ a: SILENT })
    expect(mx.messages).toEqual([])
  })

  it('has its own time for the answer to the final dot', async () => {
    await bench().mx({ end: later('250 2.0.0 queued', SOON) })
    bench().timeouts = { ...bench().timeouts, block: 0, bytesPerSecond: Infinity }
    expect(results(await bench().deliver(TO))).toEqual({ a: 'delivered 250 2.0.0 queued' })
  })
})

describe('a connection that drops', () => {
  const drop = (how: 'close' | 'reset') => (connection: RemoteConnection) => connection[how]()

  it.each(STEPS.flatMap((step) => [[step, 'close'] as const, [step, 'reset'] as const]))(
    'at %s (%s) leads to the next host, which gets the mail once',
    async (step, how) => {
      const script: RemoteScript = { [step]: drop(how) }
      const [first, second] = [await bench().mx(script), await bench().mx()]
      expect(results(await bench().deliver(TO))).toEqual({ a: 'delivered 250 2.0.0 queued' })
      expect([first.messages.length, second.messages.length]).toEqual([0, 1])
    },
  )

  it('in the message leads to the next host', async () => {
    const [first, second] = [
      await bench().mx({ body: (connection, bytes) => bytes > 100_000 && connection.destroy() }),
      await bench().mx(),
    ]
    const content = contentOf(Buffer.alloc(3_000_000, 'line\r\n'))
    expect(results(await bench().deliver(TO, { message: { content } }))).toEqual({ a: 'delivered 250 2.0.0 queued' })
    expect([first.messages.length, second.messages.length]).toEqual([0, 1])
  })

  it.each(['close', 'reset'] as const)(
    'after the final dot (%s) defers: no other host gets a second copy',
    async (how) => {
      const [first, second] = [await bench().mx({ end: drop(how) }), await bench().mx()]
      const report = await bench().deliver(TO)
      expect(results(report)).toEqual({ a: UNCONFIRMED })
      expect([first.messages.length, second.connections.length]).toEqual([1, 0])
    },
  )

  it('everywhere defers', async () => {
    for (let index = 0; index < 3; index += 1) await bench().mx({ mail: drop('close') })
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual({ a: LOST })
    // O8: two sessions in which mail was offered are enough.
    expect(report.tries).toHaveLength(2)
    expect(report.exhausted).toBe(false)
  })
})

describe('a refusal in the middle of the message', () => {
  it('is the answer to it', async () => {
    let said = false
    await bench().mx({
      offers: [],
      body: (connection) => {
        if (said) return
        said = true
        connection.write('552 5.3.4 too large after all\r\n')
      },
    })
    const content = contentOf(Buffer.alloc(30_000_000, 'line\r\n'))
    expect(results(await bench().deliver(TO, { message: { content }, family: 'v4' }))).toEqual({
      a: 'bounced 552 5.3.4 too large after all',
    })
  })

  it('in words of success is no success', async () => {
    let said = false
    const mx = await bench().mx({
      offers: [],
      body: (connection) => {
        if (said) return
        said = true
        connection.write('250 2.0.0 thank you\r\n')
      },
    })
    const content = contentOf(Buffer.alloc(30_000_000, 'line\r\n'))
    expect(results(await bench().deliver(TO, { message: { content } }))).toEqual({
      a: 'deferred 451 4.5.0 The mail server sent something that is no SMTP',
    })
    expect(mx.messages).toEqual([])
  })
})

describe('a server that cannot be reached', () => {
  it('leaves the site exhausted when there is no other', async () => {
    const mx = await bench().mx()
    await mx.close()
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual({ a: 'deferred 451 4.4.1 The mail server did not answer' })
    expect(report).toMatchObject({ exhausted: true, tries: [{ signals: [{ kind: 'unreachable' }] }] })
  })

  it('O7 does not use up the plan: a family without a route is left out', async () => {
    const mx = await bench().mx()
    for (let index = 1; index <= 9; index += 1) bench().record('mx1.remote.test AAAA', `100::${index}`)
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual({ a: 'delivered 250 2.0.0 queued' })
    expect(mx.messages).toHaveLength(1)
    expect(report.tries.map(({ address }) => address)).toEqual(['100::1', '127.0.0.2'])
  })
})
