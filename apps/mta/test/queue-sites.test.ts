import { changeSite, findSite } from '@mairust/db/queries/delivery-site'
import { withDatabases } from '@mairust/db/testing'
import { answerFrom } from '@mairust/dns/testing'
import { lifted } from '@mairust/mail-core/outbound'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useDeliveryBench } from './support/delivery.ts'
import { QueueBench } from './support/engine.ts'

/** A busy machine takes its time. */
const WAIT = { timeout: 10_000 }

withDatabases((get) => {
  const bench = useDeliveryBench()
  let queue: QueueBench
  beforeEach(async () => {
    queue = await QueueBench.open(get(), bench())
  })
  afterEach(() => queue.close())

  describe('a site', () => {
    it('O29 O30 that is dead costs one connection a step, whatever waits for it, and no message an attempt; then all goes', async () => {
      const remote = await bench().mx({ banner: '421 4.3.2 closed' })
      for (let at = 0; at < 60; at += 1) await queue.send([`r${at}@remote.test`])
      queue.start()
      const dead = async () => (await findSite(get().db, 'mx1.remote.test'))?.state.dead ?? null
      await expect.poll(dead, WAIT).not.toBeNull()
      const used = remote.connections.length
      expect(used).toBeLessThanOrEqual(4)
      await queue.poke()
      await queue.send(['later@remote.test'])
      await queue.advance(2)
      await expect.poll(() => remote.connections.length, WAIT).toBe(used + 1)
      await expect.poll(async () => (await dead())?.step, WAIT).toBe(1)
      const untried = async () => (await queue.rows()).filter(({ attempts }) => attempts === 0).length
      await expect.poll(untried, WAIT).toBeGreaterThanOrEqual(61 - used - 1)
      remote.script = {}
      await queue.advance(6)
      // Those that were tried wait for their own time.
      await expect.poll(() => remote.messages.length).toBeGreaterThanOrEqual(61 - used - 1)
      await queue.advance(11)
      await expect.poll(() => remote.messages.length).toBe(61)
      expect(await dead()).toBeNull()
    })

    it('O36 of a provider is not dead because of who names one of its hosts as his', async () => {
      bench().record('evil.test MX', { preference: 10, exchange: 'www.google.com' })
      bench().record('www.google.com A', '127.0.0.99')
      bench().record('good.test MX', { preference: 10, exchange: 'aspmx.l.google.com' })
      const remote = await bench().host({}, 'aspmx.l.google.com')
      queue.start()
      for (const name of ['a', 'b', 'c']) await queue.send([`${name}@evil.test`])
      await queue.until('a deferred', 'b deferred', 'c deferred')
      await queue.send(['d@good.test'])
      await queue.until('a deferred', 'b deferred', 'c deferred', 'd delivered')
      expect(remote.messages).toHaveLength(1)
    })

    it('O39 that stays dead has its mail end when its time is over', async () => {
      await bench().mx({ banner: '421 4.3.2 closed' })
      queue.start()
      const expiresAt = new Date(queue.now() + 60 * 60_000)
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        await queue.send([`${name}@remote.test`], { delivery: { expiresAt } })
      await expect
        .poll(async () => (await findSite(get().db, 'mx1.remote.test'))?.state.dead ?? null, WAIT)
        .not.toBeNull()
      await queue.advance(59)
      await queue.advance(2)
      await queue.advance(70)
      await queue.until('a bounced', 'b bounced', 'c bounced', 'd bounced', 'e bounced')
      expect(new Set((await queue.rows()).map(({ reason }) => reason))).toEqual(new Set(['expired']))
    })

    it('O31 that hangs holds up nobody else', async () => {
      const slow = await bench().host({ end: null }, 'mx.slow.test')
      bench().record('slow.test MX', { preference: 10, exchange: 'mx.slow.test' })
      const quick = await bench().host({}, 'mx.quick.test')
      bench().record('quick.test MX', { preference: 10, exchange: 'mx.quick.test' })
      queue.config = {
        ...queue.config,
        queue: { ...queue.config.queue, concurrency: 4, concurrency_per_destination: 2 },
      }
      for (let at = 0; at < 10; at += 1) await queue.send([`s${at}@slow.test`])
      queue.start()
      await expect.poll(() => slow.messages.length, WAIT).toBe(2)
      for (let at = 0; at < 20; at += 1) await queue.send([`q${at}@quick.test`])
      await expect.poll(() => quick.messages.length, WAIT).toBe(20)
      expect(slow.connections).toHaveLength(2)
    })

    it('O31 of any number that hang, one user’s mail to them leaves room for others, and goes on when some end', async () => {
      const slow = await bench().host({ banner: null }, 'mx.slow.test')
      const quick = await bench().host({}, 'mx.quick.test')
      const site = (domain: string, address: string): void => {
        bench().record(`${domain} MX`, { preference: 10, exchange: `mx.${domain}` })
        bench().record(`mx.${domain} A`, address)
      }
      queue.config = { ...queue.config, queue: { ...queue.config.queue, concurrency: 4 } }
      queue.maxRunning = 20
      const names = Array.from({ length: 60 }, (_, at) => `h${at}.test`)
      for (const name of names) site(name, '127.0.0.2')
      const by = (userId: string) => ({ outgoing: { userId } })
      await queue.send(
        names.map((name) => `slow@${name}`),
        by('usr_alice'),
      )
      queue.start()
      await expect.poll(() => slow.connections.length, WAIT).toBeGreaterThanOrEqual(4)
      for (let at = 0; at < 10; at += 1) {
        site(`q${at}.test`, '127.0.0.3')
        await queue.send([`quick@q${at}.test`], by('usr_bob'))
      }
      await expect.poll(() => quick.messages.length, WAIT).toBe(10)
      // A quarter of what is free, and those that were let in before.
      expect(slow.connections.length).toBeLessThanOrEqual(12)
      const before = slow.connections.length
      for (const connection of slow.connections) connection.destroy()
      await queue.poke()
      await expect.poll(() => slow.connections.length, WAIT).toBeGreaterThan(before)
    })

    it('O31 that take mail and hang then, what a user’s mail to them has claimed ahead goes back', async () => {
      let hangs = false
      const slow = await bench().host({ offers: [], mail: () => (hangs ? null : '250 2.1.0 ok') }, 'mx.slow.test')
      const quick = await bench().host({}, 'mx.quick.test')
      const site = (domain: string, address: string): void => {
        bench().record(`${domain} MX`, { preference: 10, exchange: `mx.${domain}` })
        bench().record(`mx.${domain} A`, address)
      }
      queue.config = { ...queue.config, queue: { ...queue.config.queue, concurrency: 10 } }
      queue.maxRunning = 20
      const names = Array.from({ length: 10 }, (_, at) => `h${at}.test`)
      for (const name of names) site(name, '127.0.0.2')
      const alice = async (count: number): Promise<void> => {
        for (let at = 0; at < count; at += 1)
          await queue.send(
            names.map((name) => `a${at}@${name}`),
            { outgoing: { userId: 'usr_alice' } },
          )
      }
      queue.start()
      await alice(6)
      await expect.poll(() => slow.messages.length, WAIT).toBe(60)
      hangs = true
      await alice(8)
      const isHung = (commands: readonly string[]) => commands.at(-1)?.startsWith('MAIL') ?? true
      const hanging = () => slow.connections.filter(({ isClosed, commands }) => !isClosed && isHung(commands))
      await expect.poll(() => hanging().length, WAIT).toBeGreaterThanOrEqual(10)
      site('quick.test', '127.0.0.3')
      for (let at = 0; at < 10; at += 1) await queue.send([`b${at}@quick.test`], { outgoing: { userId: 'usr_bob' } })
      await expect.poll(() => quick.messages.length, WAIT).toBe(10)
      // A quarter of what is free, and those that were let in before.
      expect(hanging().length).toBeLessThanOrEqual(14)
    })

    it('O31 of any number whose name servers are silent, one user’s mail to them has its share of DNS', async () => {
      const quick = await bench().host({}, 'mx.quick.test')
      const asked = new Set<string>()
      bench().dnsScript = (query) => {
        if (query.name.endsWith('dead.test')) {
          asked.add(query.name)
          return null
        }
        const known = {
          'quick.test MX': [{ preference: 10, exchange: 'mx.quick.test' }],
          'mx.quick.test A': ['127.0.0.2'],
        }
        return answerFrom(known)(query)
      }
      const names = Array.from({ length: 100 }, (_, at) => `n${at}.z${at}dead.test`)
      await queue.send(
        names.map((name) => `slow@${name}`),
        { outgoing: { userId: 'usr_alice' } },
      )
      queue.start()
      await expect.poll(() => asked.size, WAIT).toBeGreaterThan(10)
      await queue.send(['quick@quick.test'], { outgoing: { userId: 'usr_bob' } })
      await expect.poll(() => quick.messages.length, WAIT).toBe(1)
      expect(asked.size).toBeLessThanOrEqual(40)
    })

    it('O32 that asks for less gets less, visibly, until an operator or time undoes it', async () => {
      const remote = await bench().mx({ mail: '421 4.7.28 rate limited, try again later' })
      await queue.send(['a@remote.test'])
      queue.start()
      await queue.until('a deferred')
      const site = async () => (await findSite(get().db, 'mx1.remote.test'))?.state
      await expect.poll(async () => (await site())?.throttles.length, WAIT).toBe(1)
      expect((await site())?.throttles).toMatchObject([{ cause: 'rate', level: 1, limits: { perMinute: 60 } }])
      remote.script = {}
      const { db, changes } = get()
      await db.transaction((tx) => changeSite(tx, changes, 'mx1.remote.test', (state) => lifted(state, () => true)))
      await queue.advance(30)
      await queue.until('a delivered')
      expect((await site())?.throttles).toEqual([])
    })
  })
})
