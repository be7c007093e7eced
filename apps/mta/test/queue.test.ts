import { DatabaseUnavailableError, type Db } from '@mairust/db'
import { attemptsOf } from '@mairust/db/queries/delivery'
import { listPauses, pauseMail, resumeMail } from '@mairust/db/queries/delivery-pause'
import { findJourney } from '@mairust/db/queries/journey'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import { withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useDeliveryBench } from './support/delivery.ts'
import { MAIL, QueueBench } from './support/engine.ts'

/** A busy machine takes its time. */
const WAIT = { timeout: 10_000 }

withDatabases((get) => {
  const bench = useDeliveryBench()
  let queue: QueueBench
  beforeEach(async () => {
    queue = await QueueBench.open(get(), bench())
  })
  afterEach(() => queue.close())

  const rcptOf = (commands: readonly string[]) => commands.filter((line) => line.startsWith('RCPT'))

  describe('mail in the queue', () => {
    it('arrives byte for byte, and its row, attempt and journey tell how', async () => {
      const remote = await bench().mx({ end: '250 2.0.0 taken as 4711' })
      queue.start()
      const header = 'X-Signed: here\r\n'
      const id = await queue.send(['a@remote.test'], { outgoing: { header, returnPath: 'back@our.test' } })
      await queue.until('a delivered')
      expect(remote.messages.map(String)).toEqual([header + MAIL])
      expect(remote.commands[1]).toMatch(/^MAIL FROM:<back@our\.test>/)
      const [row] = await queue.rows()
      expect(row).toMatchObject({ attempts: 1, failures: 0, lastReply: '250 2.0.0 taken as 4711', leasedUntil: null })
      expect(await attemptsOf(get().db, queue.scope, row?.id ?? '')).toMatchObject([
        { number: 1, result: 'delivered', host: 'mx1.remote.test', remoteAddress: '127.0.0.2', tls: 'none' },
      ])
      const journey = await findJourney(get().db, { tenantIds: [queue.scope.tenantId], only: 'all' }, id)
      expect(journey?.status).toBe('delivered')
    })

    it('goes to whatever address was accepted, however odd', async () => {
      const remote = await bench().mx()
      bench().record('under_score.test MX', { preference: 10, exchange: 'mx1.remote.test' })
      queue.start()
      await queue.send(['a@under_score.test', `${'x'.repeat(70)}@remote.test`], {
        outgoing: { returnPath: `${'y'.repeat(70)}@our_own.test` },
      })
      await queue.until('a delivered', `${'x'.repeat(70)} delivered`)
      expect(remote.messages).toHaveLength(1)
    })

    it('waits in the queue from before, and is sent when a process starts', async () => {
      const remote = await bench().mx()
      await queue.send(['a@remote.test'])
      queue.start()
      await queue.until('a delivered')
      expect(remote.messages).toHaveLength(1)
    })

    it('O17 of one message for one site goes in one transaction, whatever the domains, and its rest on the same connection', async () => {
      const remote = await bench().mx()
      bench().record('same.test MX', { preference: 10, exchange: 'mx1.remote.test' })
      bench().record('other.test MX', { preference: 10, exchange: 'mx9.other.test' })
      const many = Array.from({ length: 120 }, (_, at) => `r${at}@remote.test`)
      await queue.send([...many, 'x@same.test', 'y@other.test'])
      queue.start()
      await expect.poll(() => rcptOf(remote.commands).length, WAIT).toBe(121)
      const [first, ...more] = remote.connections
      expect(more).toEqual([])
      await expect.poll(() => first?.messages.length, WAIT).toBe(2)
      expect(rcptOf(first?.commands ?? [])).toContain('RCPT TO:<x@same.test>')
    })

    it('O42 ends or goes on for each recipient by its own answer', async () => {
      const answers = new Map([['bad@', '550 5.1.1 unknown']]).set('late@', '450 4.2.1 later')
      const remote = await bench().mx({
        rcpt: (_, line) => [...answers].find(([name]) => line.includes(name))?.[1] ?? '250 ok',
      })
      await queue.send(['good@remote.test', 'bad@remote.test', 'late@remote.test'])
      queue.start()
      await queue.until('bad bounced', 'good delivered', 'late deferred')
      answers.delete('late@')
      await queue.advance(9)
      expect(remote.messages).toHaveLength(1)
      await queue.advance(3)
      await queue.until('bad bounced', 'good delivered', 'late delivered')
      expect(queue.settled.map(({ result }) => result).sort()).toEqual([
        'bounced',
        'deferred',
        'delivered',
        'delivered',
      ])
    })

    it('O3 O4 without a way ends at once, or is tried again when DNS only does not answer', async () => {
      await bench().mx()
      bench().record('null.test MX', { preference: 0, exchange: '' })
      await queue.send(['a@null.test', 'b@nowhere.test'])
      queue.start()
      await queue.until('a bounced', 'b bounced')
      const words = (await queue.rows()).map(({ lastReply }) => lastReply.slice(0, 10)).sort()
      expect(words).toEqual(['550 5.1.2 ', '556 5.1.10'])
      bench().dnsScript = () => ({ rcode: 2 })
      await queue.send(['c@broken.test'])
      await queue.until('a bounced', 'b bounced', 'c deferred')
    })

    it('O22 O23 of a domain with an enforced policy goes to no host that it does not name', async () => {
      const remote = await bench().mx()
      queue.sts = () => Promise.resolve({ mode: 'enforce', mx: ['mail.remote.test'], maxAgeSeconds: 86_400 })
      await queue.send(['a@remote.test'])
      queue.start()
      await queue.until('a deferred')
      expect(remote.connections).toEqual([])
      expect((await queue.rows())[0]?.lastReply).toContain('MTA-STS')
    })

    it('goes to the smart host after as many failures as its route says', async () => {
      const remote = await bench().mx({ mail: '451 4.3.0 not now' })
      const smart = await bench().host({}, 'smart.test')
      const { port } = smart
      const route = { match: '*', host: 'smart.test', port, tls: 'opportunistic' as const, username: '', password: '' }
      queue.config = {
        ...queue.config,
        outbound: { ...queue.config.outbound, routes: [{ ...route, after_attempts: 1, unverified_login: false }] },
      }
      await queue.send(['a@remote.test'])
      queue.start()
      await queue.until('a deferred')
      expect(smart.messages.length).toBe(0)
      const before = remote.connections.length
      await queue.advance(11)
      await queue.until('a delivered')
      expect([smart.messages.length, remote.connections.length]).toEqual([1, before])
    })
  })

  describe('trouble', () => {
    it('O12 O38 with the database after a 250 is waited for: the message is not sent again', async () => {
      const { db, changes } = get()
      const state = { isDown: false, failed: 0 }
      const transaction: Db['transaction'] = (fn) => {
        if (!state.isDown) return db.transaction(fn)
        state.failed += 1
        return Promise.reject(new DatabaseUnavailableError('down'))
      }
      const remote = await bench().mx({
        end: () => {
          state.isDown = true
          return '250 2.0.0 taken'
        },
      })
      queue.start({ db: { ...db, transaction }, changes })
      await queue.send(['a@remote.test'])
      await expect.poll(() => state.failed).toBeGreaterThan(1)
      state.isDown = false
      await queue.until('a delivered')
      expect(remote.messages).toHaveLength(1)
    })

    it('O38 of a process that dies at the remote: another one tries again after its lease, and not before', async () => {
      const remote = await bench().mx({ mail: null })
      const dead = { ...get().db }
      queue.start({ db: dead, changes: get().changes })
      await queue.send(['a@remote.test'])
      await expect.poll(() => remote.commands.some((line) => line.startsWith('MAIL')), WAIT).toBe(true)
      // The process stands still: nothing of it reaches the database any more.
      Object.assign(dead, {
        transaction: () => Promise.reject(new DatabaseUnavailableError('gone')),
        update: () => {
          throw new DatabaseUnavailableError('gone')
        },
      })
      remote.script = {}
      queue.start()
      await queue.poke()
      await queue.until('a sending')
      await queue.advance(1)
      await queue.until('a delivered')
      expect(remote.messages).toHaveLength(1)
    })
  })

  describe('a pause', () => {
    it.each(['all', 'tenant', 'site', 'sender'] as const)('of %s holds its mail until it ends', async (scope) => {
      const remote = await bench().mx()
      const { db, changes } = get()
      const value = { all: '', tenant: queue.scope.tenantId, site: 'mx1.remote.test', sender: 'sender@example.net' }[
        scope
      ]
      const tenantId = scope === 'all' || scope === 'site' ? SYSTEM_TENANT : queue.scope.tenantId
      const pause = {
        scope,
        tenantId,
        value,
        by: 'ann@example.org',
        byRole: 'super_admin',
        createdAt: new Date(),
      } as const
      await db.transaction((tx) => pauseMail(tx, changes, pause))
      queue.start()
      await queue.send(['a@remote.test'])
      bench().record('free.test MX', { preference: 10, exchange: 'mx.free.test' })
      await bench().host({}, 'mx.free.test')
      if (scope === 'site' || scope === 'sender') {
        await queue.send(['b@free.test'], { outgoing: { sender: 'free@example.net' } })
        await queue.until('a queued', 'b delivered')
      }
      await queue.advance(1)
      expect(remote.messages).toEqual([])
      expect(await listPauses(db)).toHaveLength(1)
      await db.transaction((tx) => resumeMail(tx, changes, pause))
      await expect.poll(() => remote.messages.length, WAIT).toBe(1)
    })
  })
})
