import { attemptsOf } from '@mairust/db/queries/delivery'
import { withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useDeliveryBench } from './support/delivery.ts'
import { QueueBench } from './support/engine.ts'

withDatabases((get) => {
  const bench = useDeliveryBench()
  let queue: QueueBench
  beforeEach(async () => {
    queue = await QueueBench.open(get(), bench())
  })
  afterEach(() => queue.close())

  describe('test recipients', () => {
    const names = ['bounce', 'bounce+tag', 'complain', 'defer', 'else']
    const to = names.map((name) => `${name}@mairust.test`)

    it('have the outcome that their names say, with words of a server, and no server is asked', async () => {
      const remote = await bench().mx()
      const route = { match: '*', host: '127.0.0.2', port: bench().port, tls: 'none', after_attempts: 0 } as const
      const login = { username: '', password: '', unverified_login: false }
      queue.config = { ...queue.config, outbound: { ...queue.config.outbound, routes: [{ ...route, ...login }] } }
      queue.start()
      await queue.send(to)
      await queue.until(
        'bounce bounced',
        'bounce+tag bounced',
        'complain delivered',
        'defer deferred',
        'else delivered',
      )
      const rows = await queue.rows()
      const replyTo = (name: string) => rows.find(({ address }) => address.startsWith(`${name}@`))?.lastReply
      expect(replyTo('bounce')).toMatch(/^550 5\.1\.1 /)
      expect(replyTo('defer')).toMatch(/^450 4\.2\.1 /)
      expect(remote.commands).toEqual([])
      const [bounced] = queue.settled.filter(({ result }) => result === 'bounced')
      expect(bounced?.reason).toBe('recipient_unknown')
    })

    it('are deferred again and again, while others of the domain go on', async () => {
      queue.start()
      await queue.send(['defer@mairust.test'])
      await queue.until('defer deferred')
      await queue.send(['later@mairust.test'])
      await queue.until('defer deferred', 'later delivered')
      await queue.advance(12)
      const [row] = (await queue.rows()).filter(({ address }) => address.startsWith('defer'))
      await expect
        .poll(async () => (await attemptsOf(get().db, queue.scope, row?.id ?? '')).map(({ result }) => result), {
          timeout: 10_000,
        })
        .toEqual(['deferred', 'deferred'])
    })

    it('are none when the domain is switched off: it is like any other', async () => {
      queue.config = { ...queue.config, outbound: { ...queue.config.outbound, test_domain: '' } }
      queue.start()
      await queue.send(['complain@mairust.test'])
      await queue.until('complain bounced')
    })
  })
})
