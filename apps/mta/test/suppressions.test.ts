import { listAuditEntries } from '@mairust/db/queries/audit'
import { putSuppression } from '@mairust/db/queries/suppression'
import { createId } from '@mairust/db'
import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import type { QueueBench } from './support/engine.ts'
import { useUserMail } from './support/user-mail.ts'

withDatabases((get) => {
  const mail = useUserMail(get)
  const { bench, server, world, submit, report, inbox, statuses } = mail
  let queue: QueueBench
  beforeEach(() => {
    queue = mail.queue()
  })
  const suppressed = async () => {
    const rows = await get().db.select().from(get().db.tables.suppressions)
    return rows.filter(({ tenantId }) => tenantId === world().scope.tenantId)
  }

  describe('O50 an address', () => {
    it('that does not exist is suppressed at once, with what led to it, and an audit entry', async () => {
      await bench().mx({ rcpt: '550 5.1.1 no such user' })
      queue.start()
      const id = await submit(['<bob@remote.test>'])
      await queue.until('bob bounced')
      const [row, ...more] = await suppressed()
      expect(more).toEqual([])
      expect(row).toMatchObject({
        address: 'bob@remote.test',
        scope: 'all',
        value: '',
        reason: 'recipient_unknown',
        detail: '550 5.1.1 no such user',
        journeyId: id,
        deliveryId: (await queue.rows())[0]?.id,
        expiresAt: null,
        by: 'system',
      })
      const filter = { targetId: row?.id }
      expect(await listAuditEntries(get().db, world().scope, filter, { limit: 9 })).toMatchObject([
        { action: 'suppression.create', actorKind: 'system', after: { address: 'bob@remote.test' } },
      ])
    })

    it('that fails softly is suppressed after three in a row, for a while', async () => {
      const full = '552 5.2.2 mailbox full'
      let answer = full
      await bench().mx({ rcpt: () => answer })
      queue.start()
      const fail = async (times: number) => {
        for (let time = 0; time < times; time += 1) {
          const before = queue.settled.length
          await submit(['<full@remote.test>'])
          await expect.poll(() => queue.settled.length, { timeout: 10_000 }).toBe(before + 1)
        }
      }
      await fail(2)
      answer = '250 ok'
      await fail(1)
      answer = full
      await fail(2)
      expect(await suppressed()).toEqual([])
      await fail(1)
      // It is written down with what is settled, just after that is told here.
      await expect.poll(suppressed).toMatchObject([{ address: 'full@remote.test', reason: 'mailbox_full' }])
      const [row] = await suppressed()
      const days = ((row?.expiresAt?.getTime() ?? 0) - queue.now()) / 86_400_000
      expect(Math.round(days)).toBe(30)
    })

    it('is not suppressed for what is about the message or us, nor one that is always answered', async () => {
      await bench().mx({
        rcpt: (_, line) => (/postmaster|security/i.test(line) ? '550 5.1.1 no such user' : '550 5.7.1 looks like spam'),
      })
      queue.start()
      await submit(['<bob@remote.test>', '<postmaster@remote.test>', '<security@remote.test>'])
      await queue.until('bob bounced', 'postmaster bounced', 'security bounced')
      expect(await suppressed()).toEqual([])
    })

    it('on the list for a stream gets no mail whose header names it, but all that is exempt', async () => {
      await bench().mx()
      queue.start()
      const by = { scope: 'stream', by: 'ann@example.org', reason: 'manual', createdAt: new Date() } as const
      const put = (address: string, value: string) =>
        putSuppression(get().db, world().scope, { ...by, id: createId('sup'), address, value })
      await put('bob@remote.test', 'news')
      await put('eve@remote.test', 'password-reset')
      const { outbound } = server().config
      const suppression = { exempt_local_parts: [], exempt_streams: ['password-reset'] }
      server().config = { ...server().config, outbound: { ...outbound, suppression } }
      await submit(['<bob@remote.test>'], { header: 'X-MaiRust-Stream: news\r\n' })
      await submit(['<eve@remote.test>'], { header: 'x-mairust-stream:password-reset\r\n' })
      await submit(['<bob@remote.test>'])
      server().config = { ...server().config, outbound }
      await queue.until('bob delivered', 'bob suppressed', 'eve delivered')
    })

    it('on the list is told to who submits to it by the queue and a notification; the others get the mail', async () => {
      const remote = await bench().mx()
      queue.start()
      const by = {
        id: createId('sup'),
        address: 'bob@remote.test',
        scope: 'all',
        value: '',
        by: 'ann@example.org',
      } as const
      await putSuppression(get().db, world().scope, { ...by, reason: 'complaint', createdAt: new Date('2026-11-20') })
      const before = (await inbox()).length
      const id = await submit(['<bob@remote.test>', '<eve@remote.test>'])
      await queue.until('bob suppressed', 'eve delivered')
      expect(await statuses(id)).toEqual(['bob suppressed', 'eve delivered'])
      expect(remote.commands.join(' ')).not.toContain('bob@')
      await queue.advance(1)
      await report()
      await report()
      const [dsn = '', ...more] = (await inbox()).slice(before)
      expect(more).toEqual([])
      expect(dsn).toContain('Final-Recipient: rfc822; bob@remote.test')
      expect(dsn).toContain('Action: failed')
      expect(dsn).toContain('Status: 5.7.1')
      expect(dsn.replaceAll(/\s+/g, ' ')).toContain('suppression list since 2026-11-20: complaint')
    })
  })
})
