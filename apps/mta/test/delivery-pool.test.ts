import { describe, expect, it } from 'vitest'
import { eventually } from './support/server.ts'
import { message, results, useDeliveryBench } from './support/delivery.ts'

const bench = useDeliveryBench()
const TO = ['a@remote.test']

describe('O19 a connection', () => {
  it('serves further messages of the site, one after the other', async () => {
    const mx = await bench().mx()
    for (let index = 0; index < 5; index += 1) await bench().deliver(TO)
    expect([mx.connections.length, mx.messages.length]).toEqual([1, 5])
  })

  it('serves a hundred messages, fewer where the provider says so', async () => {
    const mx = await bench().mx()
    for (let index = 0; index < 101; index += 1) await bench().deliver(TO)
    expect(mx.connections.map(({ messages }) => messages.length)).toEqual([100, 1])
    expect(mx.connections[0]?.commands.at(-1)).toBe('QUIT')
    const destination = await bench().destination()
    const apple = { ...destination, site: { ...destination.site, key: 'provider:apple', provider: 'apple' as const } }
    for (let index = 0; index < 6; index += 1) await bench().attempt(message(TO), {}, apple)
    expect(mx.connections.slice(2).map(({ messages }) => messages.length)).toEqual([5, 1])
  })

  it('serves 300 seconds in all', async () => {
    const mx = await bench().mx()
    await bench().deliver(TO)
    bench().now += 299_999
    await bench().deliver(TO)
    bench().now += 1
    await bench().deliver(TO)
    await bench().deliver(TO)
    expect(mx.connections.map(({ messages }) => messages.length)).toEqual([3, 1])
  })

  it('ends after 60 idle seconds', async () => {
    const timers: { ms: number; run: () => void }[] = []
    bench().setTimer = (run, ms) => {
      timers.push({ ms, run })
      return () => undefined
    }
    const mx = await bench().mx()
    await bench().deliver(TO)
    expect(timers.map(({ ms }) => ms)).toEqual([60_000])
    timers[0]?.run()
    await eventually(() => Promise.resolve(mx.connections[0]?.isClosed === true))
    expect(mx.commands.at(-1)).toBe('QUIT')
  })

  it('that the server has ended meanwhile costs nothing', async () => {
    const mx = await bench().mx()
    await bench().deliver(TO)
    mx.connections[0]?.write('421 4.4.2 idle\r\n')
    mx.connections[0]?.close()
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual({ a: 'delivered 250 2.0.0 queued' })
    expect(report.tries).toHaveLength(1)
    expect(mx.connections).toHaveLength(2)
  })

  it.each(['421 4.7.0 enough', null] as const)('that ends at the next MAIL costs nothing: %s', async (said) => {
    let mails = 0
    const mx = await bench().mx({
      mail: (connection) => {
        mails += 1
        if (mails !== 2) return '250 ok'
        connection.write(said === null ? '' : `${said}\r\n`)
        return connection.close()
      },
    })
    await bench().deliver(TO)
    const report = await bench().deliver(TO)
    expect(results(report)).toEqual({ a: 'delivered 250 2.0.0 queued' })
    expect(report).toMatchObject({ tries: [{ reused: false, signals: [{ kind: 'delivered' }] }] })
    expect(mx.messages).toHaveLength(2)
  })

  it('does not serve a domain that does not have its host', async () => {
    const [first, second] = [await bench().mx(), await bench().mx()]
    await bench().deliver(TO)
    const destination = await bench().destination()
    await bench().attempt(message(TO), {}, { ...destination, addresses: destination.addresses.slice(1) })
    expect([first.messages.length, second.messages.length]).toEqual([1, 1])
  })
})

describe('places', () => {
  it('are as many as the limit says; who waits is served in order', async () => {
    const held: (() => void)[] = []
    const mx = await bench().mx({
      end: (connection) => {
        held.push(() => connection.write('250 2.0.0 queued\r\n'))
        return null
      },
    })
    const order: number[] = []
    const all = [1, 2, 3, 4].map((number) =>
      bench()
        .deliver(TO, { limit: 2 })
        .then(() => order.push(number)),
    )
    for (let index = 0; index < 4; index += 1) {
      await eventually(() => Promise.resolve(held.length > 0))
      expect(mx.connections.length).toBeLessThanOrEqual(2)
      held.shift()?.()
      await eventually(() => Promise.resolve(order.length > index))
    }
    await Promise.all(all)
    expect(order).toEqual([1, 2, 3, 4])
  })

  it('O31 of a site that hangs keep nothing from another', async () => {
    const [first, second] = [await bench().mx({ end: null }), await bench().mx()]
    const destination = await bench().destination()
    const other = {
      ...destination,
      site: { ...destination.site, key: 'other' },
      addresses: destination.addresses.slice(1),
    }
    const hanging = [1, 2, 3].map(() =>
      bench()
        .deliver(TO, { limit: 2 })
        .catch(() => null),
    )
    await eventually(() => Promise.resolve(first.connections.length === 2))
    for (let index = 0; index < 20; index += 1) await bench().attempt(message(TO), { limit: 2 }, other)
    expect(second.messages).toHaveLength(20)
    expect(first.connections).toHaveLength(2)
    await bench().pool.close(0)
    await Promise.all(hanging)
  })
})

describe('the end', () => {
  it('says QUIT on idle connections, lets attempts end, and begins no more', async () => {
    const release: (() => void)[] = []
    const mx = await bench().mx()
    const slow = await bench().mx({
      end: (connection) => {
        release.push(() => connection.write('250 2.0.0 queued\r\n'))
        return null
      },
    })
    await bench().deliver(TO)
    const destination = await bench().destination()
    const running = bench().attempt(message(TO), {}, { ...destination, addresses: destination.addresses.slice(1) })
    await eventually(() => Promise.resolve(release.length === 1))
    const closing = bench().pool.close(60_000)
    await expect(bench().deliver(TO)).rejects.toThrow('the pool is closed')
    release[0]?.()
    expect(results(await running)).toEqual({ a: 'delivered 250 2.0.0 queued' })
    await closing
    for (const { connections } of [mx, slow]) {
      await eventually(() => Promise.resolve(connections[0]?.commands.at(-1) === 'QUIT'))
    }
  })

  it('does not wait for ever: what may have arrived is uncertain', async () => {
    const mx = await bench().mx({ end: null })
    const running = bench().deliver(TO)
    await eventually(() => Promise.resolve(mx.messages.length === 1))
    await bench().pool.close(0)
    expect((await running).recipients[0]?.result).toMatchObject({ kind: 'deferred', uncertain: true })
  })

  it('ends connections that are only being opened', async () => {
    const mx = await bench().mx({ banner: null })
    const running = bench().deliver(TO)
    await eventually(() => Promise.resolve(mx.connections.length === 1))
    await bench().pool.close(0)
    expect(results(await running)).toEqual({ a: 'deferred 451 4.4.2 The connection was lost' })
  })
})
