import { addressTopic, tenantTopic } from '@mairust/db'
import { findMailbox, updateMailboxRow } from '@mairust/db/queries/mailbox'
import { listAuditEntries } from '@mairust/db/queries/audit'
import { withDatabases } from '@mairust/db/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import type { QueueBench } from './support/engine.ts'
import { journeyIn } from './support/server.ts'
import { altered, bounce, useUserMail } from './support/user-mail.ts'

const PERSON = 'From: Bob <bob@remote.test>\nSubject: Re: Plans\n\nFine!\n'

withDatabases((get) => {
  const mail = useUserMail(get)
  const { server, world, send, report, readReturned, comeBack, inbox, statuses } = mail
  let queue: QueueBench
  beforeEach(() => {
    queue = mail.queue()
  })
  const suppressed = async () => {
    const rows = await get().db.select().from(get().db.tables.suppressions)
    return rows.filter(({ tenantId }) => tenantId === world().scope.tenantId)
  }
  const eventsOf = async (id: string) => {
    const { journeyEvents: e } = get().db.tables
    const rows = await get().db.select().from(e)
    return rows.filter(({ journeyId, kind }) => journeyId === id && kind === 'bounce')
  }
  const waiting = async () => (await get().db.select().from(get().db.tables.returnedMail)).length

  describe('O47 a bounce to it', () => {
    it('ends the delivery with the words of the server, tells the sender once in his language, and suppresses', async () => {
      const { path, id } = await send(['bob'], { subject: '予定について' })
      const before = (await inbox()).length
      const accepted = await comeBack(path, bounce('bob@remote.test'))
      expect(accepted).toMatch(/^250/)
      await readReturned()
      await queue.until('bob bounced')
      const [row] = await queue.rows()
      expect(row).toMatchObject({ reason: 'recipient_unknown', lastReply: '550 5.1.1 no such user' })
      expect(await statuses(id)).toEqual(['bob bounced'])
      expect(await eventsOf(id)).toMatchObject([
        { name: 'inner.remote.test', result: 'failed', detail: '550 5.1.1 no such user' },
      ])
      expect(await eventsOf(journeyIn(accepted))).toMatchObject([
        { name: 'bounce', result: 'ok', detail: `about ${id}` },
      ])
      expect(await suppressed()).toMatchObject([
        { address: 'bob@remote.test', reason: 'recipient_unknown', journeyId: id, deliveryId: row?.id },
      ])
      await comeBack(path, bounce('bob@remote.test'))
      await readReturned()
      await queue.advance(1)
      await report()
      await report()
      const [dsn = '', ...more] = (await inbox()).slice(before)
      expect(more).toEqual([])
      expect(dsn).toMatch(/^Subject: =\?UTF-8\?B\?6YWN5L/m)
      expect(dsn).toContain('Remote-MTA: dns; inner.remote.test')
      expect(dsn).toContain('Final-Recipient: rfc822; bob@remote.test')
      expect(await waiting()).toBe(0)
    })

    it('of a message for several ends those that it names, and suppresses nobody: any of them could have written it', async () => {
      const { path } = await send(['bob', 'eve'])
      await comeBack(path, bounce('eve@remote.test'))
      await comeBack(path, bounce('mallory@elsewhere.test'))
      const before = (await inbox()).length
      await readReturned()
      await queue.until('bob delivered', 'eve bounced')
      expect(await suppressed()).toEqual([])
      // Whom the second is about is for its sender to find out.
      expect((await inbox()).slice(before)).toHaveLength(1)
    })

    it('about an address that it was forwarded to suppresses nobody', async () => {
      const { path } = await send(['carol'])
      await comeBack(path, bounce('carol.private@elsewhere.test'))
      await readReturned()
      await queue.until('carol bounced')
      expect(await suppressed()).toEqual([])
    })

    it('of mail whose object is gone is told with its subject', async () => {
      const { path } = await send(['bob'], { subject: 'The green folder' })
      await get().db.update(get().db.tables.outgoing).set({ blobKey: null })
      const before = (await inbox()).length
      await comeBack(path, bounce('bob@remote.test'))
      await readReturned()
      await queue.advance(1)
      await report()
      expect((await inbox()).slice(before)[0]).toContain('Not delivered: The green folder')
    })

    it('that comes to the address of the user, or is tied by what anybody can write, goes to him and changes nothing', async () => {
      const { id } = await send(['bob'], { mailParams: ' ENVID=QQ1' })
      const before = (await inbox()).length
      const text = bounce('bob@remote.test').replace('Reporting-MTA', 'Original-Envelope-Id: QQ1\nReporting-MTA')
      expect(await comeBack(world().address, text)).toMatch(/^250/)
      await readReturned()
      await queue.until('bob delivered')
      expect((await inbox()).slice(before)).toHaveLength(1)
      expect([await suppressed(), await eventsOf(id)]).toEqual([[], []])
    })

    it('is waited for again when the process dies before it is read', async () => {
      const { path } = await send(['bob'])
      await comeBack(path, bounce('bob@remote.test'))
      expect(await waiting()).toBe(1)
      await readReturned()
      await queue.until('bob bounced')
    })
  })

  describe('O48 other mail to it', () => {
    it.each([
      ['an answer by a person', PERSON, 'bob@remote.test', 'other'],
      ['an answer of somebody away', PERSON.replace('Re:', 'Out of office:'), '', 'auto_reply'],
      ['a delay', bounce('bob@remote.test', '451 4.4.1 later', 'delayed'), '', 'delayed'],
      ['what nobody understands', '\u0000\u0001 no mail at all', '', 'other'],
    ])('is no bounce and goes to the sender: %s', async (_, text, from, kind) => {
      const { path, id } = await send(['bob'])
      const before = (await inbox()).length
      const reply = await comeBack(path, text.replaceAll('\u0000', ''), from)
      expect(reply).toMatch(/^250/)
      await readReturned()
      await queue.until('bob delivered')
      expect((await inbox()).slice(before)).toHaveLength(1)
      expect((await eventsOf(id)).map(({ name, result }) => [name, result])).toEqual([[kind, 'info']])
      expect(await suppressed()).toEqual([])
    })
  })

  it('O48 mail by a person to it waits while the mailbox of the user is full, and other reports do not fill the disk', async () => {
    const { path } = await send(['bob'])
    const { db, changes } = get()
    const { scope, mailbox } = world()
    const setQuota = (quotaBytes: number | null) =>
      db.transaction(async (tx) => {
        await updateMailboxRow(tx, scope, mailbox.id, { quotaBytes, updatedAt: new Date() })
        await changes.publish(tx, addressTopic(scope.tenantId, mailbox.address))
      })
    await setQuota((await findMailbox(db, scope, mailbox.id))?.usedBytes ?? 0)
    await expect.poll(() => comeBack(path, PERSON, 'bob@remote.test')).toMatch(/^452 4\.2\.2/)
    const away = `${PERSON.replace('Re:', 'Out of office:')}${'zzzzzzz\n'.repeat(1_000_000)}`
    for (let at = 0; at < 4; at += 1) expect(await comeBack(path, away)).toMatch(/^250/)
    const before = (await inbox()).length
    await readReturned()
    // The second of them passes 16 MiB.
    expect((await inbox()).length - before).toBe(2)
    expect(await waiting()).toBe(0)
    await setQuota(null)
  })

  describe('O49 a complaint', () => {
    const complaint = (original: string) => `From: feedback@isp.example
Subject: FW: Plans
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

A reader says that this is spam.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
--b
Content-Type: message/rfc822

${original}Subject: Plans

Hi
--b--
`
    const feedback = () => `fbl@${world().domain.name}`
    beforeEach(async () => {
      const { outbound } = server().config
      server().config = { ...server().config, outbound: { ...outbound, feedback_addresses: [feedback()] } }
      const { users } = get().db.tables
      await get().db.transaction(async (tx) => {
        await tx.update(users).set({ role: 'tenant_admin' })
        await get().changes.publish(tx, tenantTopic('users', world().scope.tenantId))
      })
      await expect.poll(() => comeBack(`postmaster@${world().domain.name}`, PERSON)).toMatch(/^250/)
    })

    it('to a feedback address is tied by the envelope of what it is about, though its reader is redacted', async () => {
      const { path, id } = await send(['bob'])
      expect(await comeBack(feedback(), complaint(`Return-Path: <${path}>\n`), 'feedback@isp.example')).toMatch(/^250/)
      await readReturned()
      const [row] = await suppressed()
      expect(row).toMatchObject({
        address: 'bob@remote.test',
        reason: 'complaint',
        scope: 'domain',
        value: world().domain.name,
        journeyId: id,
        detail: 'abuse, reported by SomeGenerator/1.0',
      })
      const entries = await listAuditEntries(get().db, world().scope, { targetId: row?.id }, { limit: 9 })
      expect(entries).toMatchObject([{ action: 'suppression.create', after: { reason: 'complaint' } }])
      expect(await eventsOf(id)).toMatchObject([{ name: 'complaint', recipient: 'bob@remote.test' }])
      await queue.until('bob delivered')
    })

    it('that proves nothing suppresses nobody and goes to whoever looks after the domain', async () => {
      const { path, id, remote } = await send(['bob'])
      const [, messageId = ''] = /^Message-ID: <(.*)>/im.exec(String(remote.messages[0])) ?? []
      const before = (await inbox()).length
      const text = complaint(`Message-ID: <${messageId}>\nReturn-Path: <${altered(path)}>\n`)
      expect(await comeBack(feedback(), text)).toMatch(/^250/)
      await readReturned()
      expect(await suppressed()).toEqual([])
      expect((await inbox()).slice(before)).toHaveLength(1)
      expect(await eventsOf(id)).toMatchObject([{ name: 'complaint', result: 'info' }])
    })
  })
})
