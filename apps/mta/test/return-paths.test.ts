import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import type { QueueBench } from './support/engine.ts'
import { altered, bounce, useUserMail } from './support/user-mail.ts'

const DAY = 86_400_000

withDatabases((get) => {
  const mail = useUserMail(get)
  const { bench, server, world, submit, send, comeBack } = mail
  let queue: QueueBench
  beforeEach(() => {
    queue = mail.queue()
  })

  describe('O47 the envelope sender of mail to other servers', () => {
    it('is signed and of its message, in the domain of the user, who sees his own', async () => {
      const { path } = await send(['bob'])
      expect(path).toMatch(/^bounce-d[0-9a-z]{26}-[0-9a-z]{4}-[0-9a-z]{16}@/)
      expect(path.endsWith(`@${world().domain.name}`)).toBe(true)
      const [row] = await queue.rows()
      expect([row?.sender, `dlv_${path.slice(8, 34)}`]).toEqual([world().address, row?.id])
    })

    it('is the same in every attempt, so that nobody is greylisted anew', async () => {
      const remote = await bench().mx({ rcpt: '450 4.2.0 greylisted' })
      queue.start()
      await submit(['<a@remote.test>', '<b@remote.test>'])
      await queue.until('a deferred', 'b deferred')
      await queue.advance(2 * 24 * 60)
      await expect.poll(() => queue.settled.length, { timeout: 10_000 }).toBe(4)
      const senders = new Set(
        remote.commands.filter((line) => line.startsWith('MAIL')).map((line) => line.slice(0, 90)),
      )
      expect(senders.size).toBe(1)
    })

    it('is as it was given when signing is off', async () => {
      const { outbound } = server().config
      server().config = {
        ...server().config,
        outbound: { ...outbound, return_paths: { ...outbound.return_paths, signed: false } },
      }
      const { path } = await send(['bob'])
      server().config = { ...server().config, outbound }
      expect(path).toBe(world().address)
    })

    it('is an address within its life alone: forged or expired it is as unknown as any other', async () => {
      const { path } = await send(['bob'])
      const unknown = (await comeBack(`nobody@${world().domain.name}`, bounce('bob@remote.test'))).replace(/ \(.*/, '')
      const reply = async (to: string) => (await comeBack(to, bounce('bob@remote.test'))).replace(/ \(.*/, '')
      expect(unknown).toMatch(/^550 5\.1\.1/)
      expect(await reply(altered(path))).toBe(unknown)
      expect(await reply(path.replace('bounce-d', 'bounce-o'))).toBe(unknown)
      server().advance(31 * DAY)
      expect(await reply(path)).toBe(unknown)
      server().advance(-31 * DAY)
      expect(await reply(path.toUpperCase())).toMatch(/^250/)
    })
  })
})
