import { createId, domainTopic } from '@mairust/db'
import { insertDkimKey, privateKeyPlace } from '@mairust/db/queries/dkim-key'
import { openVault } from '@mairust/db/secrets'
import { withDatabases } from '@mairust/db/testing'
import { createSigningKey, txtStrings, verify } from '@mairust/mail-core/auth'
import { beforeEach, describe, expect, it } from 'vitest'
import type { QueueBench } from './support/engine.ts'
import type { RemoteScript } from './support/remote.ts'
import { journeysOf, MASTER_KEY } from './support/server.ts'
import { useUserMail } from './support/user-mail.ts'

withDatabases((get) => {
  const mail = useUserMail(get)
  const { bench, server, world, submit, report, inbox, statuses } = mail
  let queue: QueueBench
  beforeEach(() => {
    queue = mail.queue()
  })
  const failing = (words: string): RemoteScript => ({ rcpt: (_, line) => (line.includes('bad') ? words : '250 ok') })

  describe('mail of our user', () => {
    it('reaches mailboxes here and servers elsewhere, without Bcc or Return-Path, and its journey says what became of each', async () => {
      const remote = await bench().mx()
      queue.start()
      const before = (await inbox()).length
      const id = await submit([`<${world().address}>`, '<a@remote.test>', '<b@remote.test>'])
      await queue.until('a delivered', 'b delivered')
      const [, from, ...to] = remote.commands.slice(0, 4)
      expect(from).toMatch(/^MAIL FROM:<bounce-o[0-9a-z-]{48}@/)
      expect((await queue.rows()).map(({ sender }) => sender)).toEqual([world().address, world().address])
      expect(to.sort()).toEqual(['RCPT TO:<a@remote.test>', 'RCPT TO:<b@remote.test>'])
      const [sent = ''] = remote.messages.map(String)
      expect(sent).toMatch(/^Received: from /)
      expect(sent).toMatch(/\r\nMessage-ID: /i)
      expect(sent).not.toMatch(/^(Bcc|Return-Path|Delivered-To):|for </im)
      expect((await inbox()).slice(before)).toHaveLength(1)
      expect(await statuses(id)).toEqual(['a delivered', 'b delivered', 'user accepted'])
    })

    it("O16 O51 is signed by its author's domain, so that everybody can verify it", async () => {
      const remote = await bench().mx()
      const { privateKey, record } = await createSigningKey('ed25519-sha256')
      const { scope, domain } = world()
      const id = createId('dkim')
      await insertDkimKey(get().db, scope, {
        id,
        domainId: domain.id,
        selector: 's1',
        algorithm: 'ed25519-sha256',
        privateKey: openVault(MASTER_KEY).seal(privateKeyPlace(scope.tenantId, id), privateKey),
        record,
        state: 'active',
        createdAt: new Date(),
      })
      await get().db.transaction((tx) => get().changes.publish(tx, domainTopic(scope.tenantId, domain.name)))
      const records = new Map([[`s1._domainkey.${domain.name}`, record]])
      queue.start()
      await submit(['<a@remote.test>'], { body: '.hidden  text \r\n\r\nend' })
      await queue.until('a delivered')
      const [body = Buffer.alloc(0)] = remote.messages
      expect(body.toString()).toMatch(/^DKIM-Signature: /)
      const lookup = (name: string, type: string) => {
        const record = type === 'TXT' ? records.get(name) : undefined
        return record === undefined
          ? Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }))
          : Promise.resolve([txtStrings(record)])
      }
      const { dkim } = await verify(body, {
        session: { ip: '192.0.2.1', helo: 'mx.our.test', reversePath: world().address },
        hostname: 'mail.far.example',
        lookups: { spf: lookup, dkim: lookup, dmarc: lookup },
        now: new Date(),
        trustedSealers: [],
      })
      expect(dkim.signatures.map(({ result }) => result)).toEqual(['pass'])
    })

    it('is bounded: who may send to no more hears how many, and until when, and nothing is sent', async () => {
      const remote = await bench().mx()
      queue.start()
      server().config = {
        ...server().config,
        outbound: {
          ...server().config.outbound,
          rate_limits: { per_user: { hourly: 2, daily: 0 }, per_domain: { hourly: 0 } },
        },
      }
      const client = await server().loggedIn(world().user)
      await get().db.delete(get().db.tables.sendingCounts)
      const send = (...to: string[]) => client.send(to, `From: <${world().address}>\r\n\r\nHi`, world().address)
      expect(await send('a@remote.test', 'b@remote.test', world().address)).toMatch(/^250 /)
      const refused = await send('c@remote.test')
      expect(refused).toMatch(
        /^451 4\.7\.1 You may send to 2 recipients an hour, and 0 are left; try again after \d{4}-\d\d-\d\d \d\d:00 UTC \(jrn_/,
      )
      expect(await send(world().address)).toMatch(/^250 /)
      client.destroy()
      await queue.until('a delivered', 'b delivered')
      expect(remote.commands.join(' ')).not.toContain('c@remote.test')
      server().config = { ...server().config, outbound: queue.config.outbound }
    })

    it('O44 that comes to nothing is reported once to its sender, for all recipients together', async () => {
      await bench().mx(failing('550 5.1.1 no such user'))
      queue.start()
      const before = (await inbox()).length
      const id = await submit(['<bad1@remote.test>', '<good@remote.test>', '<bad2@remote.test>'])
      await queue.until('bad1 bounced', 'bad2 bounced', 'good delivered')
      await report()
      await report()
      const reports = (await inbox()).slice(before)
      expect(reports).toHaveLength(1)
      const [dsn = ''] = reports
      expect(dsn).toMatch(/^Return-Path: <>\r\n/)
      expect(dsn).toContain('Auto-Submitted: auto-replied')
      expect(dsn.match(/^Final-Recipient: .*/gm)?.sort()).toEqual([
        'Final-Recipient: rfc822; bad1@remote.test',
        'Final-Recipient: rfc822; bad2@remote.test',
      ])
      expect(dsn).toContain('Remote-MTA: dns; mx1.remote.test')
      expect(dsn).toContain('Subject: Plans')
      const { journeyEvents: e } = get().db.tables
      const told = (await get().db.select().from(e)).filter(
        ({ journeyId, kind }) => journeyId === id && kind === 'bounce',
      )
      expect(told.map(({ recipient, detail }) => `${recipient ?? ''} ${detail}`).sort()).toEqual([
        `bad1@remote.test told ${world().address}`,
        `bad2@remote.test told ${world().address}`,
      ])
    })

    it('O43 is reported in Japanese to who writes Japanese', async () => {
      await bench().mx(failing('550 5.1.1 no such user'))
      queue.start()
      const before = (await inbox()).length
      await submit(['<bad@remote.test>'], { subject: 'こんにちは' })
      await queue.until('bad bounced')
      await report()
      const [dsn = ''] = (await inbox()).slice(before)
      expect(dsn).toMatch(/^Subject: =\?UTF-8\?/m)
    })

    it('O45 has its wishes kept: nobody is told with NEVER, and success is told where nobody else does', async () => {
      const remote = await bench().mx({ ...failing('550 5.1.1 no'), offers: ['PIPELINING', '8BITMIME'] })
      queue.start()
      const before = (await inbox()).length
      await submit(
        [
          '<bad@remote.test> NOTIFY=NEVER',
          '<a@remote.test> NOTIFY=SUCCESS ORCPT=rfc822;first@remote.test',
          `<${world().address}> NOTIFY=SUCCESS`,
        ],
        { mailParams: ' RET=HDRS ENVID=QQ314159' },
      )
      await queue.until('a delivered', 'bad bounced', 'user delivered')
      await report()
      const [, dsn = '', ...more] = (await inbox()).slice(before)
      expect(more).toEqual([])
      expect(dsn).toContain('Original-Envelope-Id: QQ314159')
      expect(dsn).toContain('Original-Recipient: rfc822; first@remote.test')
      expect(dsn.match(/^Action: .*/gm)?.sort()).toEqual(['Action: delivered', 'Action: relayed'])
      expect(remote.commands.join(' ')).not.toContain('NOTIFY')
    })

    it('O46 that is late is reported once, after the time for it', async () => {
      await bench().mx({ mail: '451 4.3.0 not now' })
      queue.start()
      const before = (await inbox()).length
      await submit(['<a@remote.test>', '<b@remote.test> NOTIFY=FAILURE'])
      await queue.until('a deferred', 'b deferred')
      await report()
      expect((await inbox()).slice(before)).toEqual([])
      await queue.advance(4 * 60 + 1)
      await report()
      await report()
      const reports = (await inbox()).slice(before)
      expect(reports).toHaveLength(1)
      expect(reports[0]?.match(/^(?:Action|Final-Recipient): .*/gm)).toEqual([
        'Final-Recipient: rfc822; a@remote.test',
        'Action: delayed',
      ])
      expect(reports[0]).toContain('Will-Retry-Until: ')
    })
  })

  it('the journey of mail elsewhere is seen by its sender alone', async () => {
    await bench().mx()
    const id = await submit(['<a@remote.test>'])
    expect((await journeysOf(get(), id)).map(({ tenantId }) => tenantId)).toEqual([world().scope.tenantId])
  })
})
