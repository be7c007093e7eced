import { createId } from '@mairust/db'
import { acceptMessages } from '@mairust/db/queries/accept'
import { claimDeliveries } from '@mairust/db/queries/delivery-claim'
import { putSite } from '@mairust/db/queries/delivery-site'
import { settleDeliveries } from '@mairust/db/queries/delivery-settle'
import { findFirstTenant } from '@mairust/db/queries/tenant'
import { contentsOf, makeOutcome, makeOutgoing, withDatabases } from '@mairust/db/testing'
import { newSite, NO_TLS_MEMORY } from '@mairust/mail-core/outbound'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Cli, makeCli, PASSWORD } from './cli.ts'

const HOUR = 3_600_000

withDatabases((get) => {
  let cli: Cli
  let far: string
  let ids: string[]
  beforeAll(async () => {
    cli = makeCli(get().options)
    await cli.run(['admin', 'create', 'root@example.com', '--password-stdin'], PASSWORD)
  })
  afterAll(() => cli.remove())
  beforeEach(async () => {
    const { db, changes } = get()
    far = `${createId('dlv').slice(4)}.example`
    const tenant = (await findFirstTenant(db)) ?? expect.fail('there is no tenant')
    const item = makeOutgoing(tenant.id, [`a@${far}`, `b@${far}`])
    await db.transaction((tx) => acceptMessages(tx, [item], changes))
    ids = item.objects.flatMap(({ outgoing = [] }) =>
      outgoing.flatMap(({ deliveries }) => deliveries.map(({ id }) => id)),
    )
  })
  const states = async () => (await cli.json(['queue', 'list', '--domain', far])).data.map(({ state }) => state).sort()

  it('lists deliveries as REST does, and as a table, and shows one with its attempts', async () => {
    const { db } = get()
    const claimed = await claimDeliveries(db, { domain: far, now: new Date(), limit: 1, leaseMs: HOUR })
    const retryAt = new Date(Date.now() + HOUR)
    const outcomes = claimed.map((one) =>
      makeOutcome(one, { result: 'deferred', reply: '450 4.2.0 lat\u001b[2Jer', reason: 'greylisted', retryAt }),
    )
    await db.transaction((tx) => settleDeliveries(tx, outcomes, new Date()))
    const { data, pagination } = await cli.json(['queue', 'list', '--domain', far, '--state', 'deferred'])
    expect(data).toMatchObject([{ domain: far, state: 'deferred', attempts: 1, sender: 'sender@example.net' }])
    expect(pagination).toEqual({ cursor: null, has_more: false })
    const id = String(data[0]?.['id'])
    const shown = await cli.run(['queue', 'show', id])
    expect(shown.out).toMatch(/^dlv_\w+\n {2}state +deferred\n {2}from +sender@example\.net\n/)
    expect(shown.out).toMatch(/\nattempt 1 .* deferred mx\.far\.example \[192\.0\.2\.7\] TLSv1\.3\n {2}450 4\.2\.0 lat/)
    expect(shown.out).not.toContain('\u001b')
    const table = await cli.run(['queue', 'list', '--domain', far, '--state', 'queued'])
    expect(table.out).toMatch(
      /^ID +STATE +FROM +TO +ATTEMPTS +NEXT +LAST REPLY\ndlv_\w+ +queued +sender@example\.net .*\n$/,
    )
    expect(await cli.run(['queue', 'show', createId('dlv')])).toMatchObject({ status: 3 })
  })

  describe('an action', () => {
    it('is on one delivery, on several, or on all that match', async () => {
      const [first = '', second = ''] = ids
      expect(await cli.run(['queue', 'hold', first])).toMatchObject({ status: 0, out: `${first}: held\n` })
      expect(await cli.run(['queue', 'hold', first])).toMatchObject({ status: 1 })
      expect(await states()).toEqual(['held', 'queued'])
      const both = await cli.run(['queue', 'hold', first, second])
      expect(both).toMatchObject({ status: 1, out: `held: 1\n${first}: CONFLICT\n` })
      expect(await cli.run(['queue', 'release', '--domain', far])).toMatchObject({
        status: 0,
        out: 'released: 2\n',
      })
      expect((await cli.json(['queue', 'bounce', first])).data).toMatchObject({ id: first, state: 'bounced' })
      expect(await cli.run(['queue', 'cancel', '--domain', far])).toMatchObject({ out: 'cancelled: 1\n' })
      expect(await states()).toEqual(['bounced', 'cancelled'])
      expect((await contentsOf(get().db)).auditEntries).toContain('"action":"delivery.release"')
    })

    it('says what it is on, and is not on everything by mistake', async () => {
      for (const args of [['cancel'], ['cancel', ids[0] ?? '', '--all'], ['hold', '--all', '--domain', far]])
        expect(await cli.run(['queue', ...args])).toMatchObject({ status: 2 })
      expect(await cli.run(['queue', 'retry', createId('dlv')])).toMatchObject({ status: 3 })
      expect(await states()).toEqual(['queued', 'queued'])
    })
  })

  it('mail is paused and resumed', async () => {
    const sender = ['sender', `x@${far}`]
    expect(await cli.run(['queue', 'pause', ...sender])).toMatchObject({
      out: `paused the mail of the sender x@${far}\n`,
    })
    expect((await cli.json(['queue', 'pauses'])).data).toMatchObject({
      pauses: [{ value: `x@${far}`, by: 'command line' }],
    })
    expect(await cli.run(['queue', 'resume', ...sender])).toMatchObject({ status: 0 })
    expect(await cli.run(['queue', 'resume', ...sender])).toMatchObject({ status: 3 })
    expect(await cli.run(['queue', 'pause', 'site'])).toMatchObject({ status: 2 })
    expect(await cli.run(['queue', 'pause', 'galaxy'])).toMatchObject({ status: 2 })
  })

  it('throttles of sites are listed and undone, and waiting mail is counted', async () => {
    const now = Date.now()
    const dead = { since: now, until: now + HOUR, step: 1, reply: 'no answer', probingUntil: null }
    const state = { ...newSite({ start: 4, max: { concurrency: 4, perMinute: null } }), dead }
    await putSite(get().db, { key: far, domain: far, state, tls: NO_TLS_MEMORY }, new Date())
    expect((await cli.json(['queue', 'throttles'])).data).toMatchObject([{ site: far, cause: 'dead' }])
    expect(await cli.run(['queue', 'lift', far, 'dead'])).toMatchObject({ out: `${far} gets mail as before\n` })
    expect(await cli.run(['queue', 'lift', far, 'dead'])).toMatchObject({ status: 3 })
    const { out } = await cli.run(['queue', 'shape'])
    expect(out).toMatch(/^MINUTES +TOTAL +5 +10 .* 1280 +1280\+\n/)
    expect(out).toContain(`\n${far} `)
  })
})
