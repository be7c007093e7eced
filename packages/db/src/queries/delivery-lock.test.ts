import { expect, it } from 'vitest'
import { createId } from '../id.ts'
import { makeOutcome, makeOutgoing, makeScope, withDatabases } from '../testing/index.ts'
import { acceptMessages } from './accept.ts'
import { claimDeliveries } from './delivery-claim.ts'
import { changeDeliveries } from './delivery-control.ts'
import { renewLeases } from './delivery-lease.ts'
import { markReported } from './delivery-report.ts'
import { settleDeliveries } from './delivery-settle.ts'

withDatabases((get) => {
  it('transactions that change the same deliveries, in whatever order they name them, never wait in a circle', async () => {
    const { db, changes } = get()
    const scope = await makeScope(db)
    const domain = `${createId('dlv').slice(4)}.example`
    const at = new Date()
    const to = (name: string) => Array.from({ length: 8 }, (_, n) => `${name}${n}@${domain}`)
    const items = ['a', 'b', 'c'].map((name) => makeOutgoing(scope.tenantId, to(name), { at }))
    await db.transaction((tx) => acceptMessages(tx, items, changes))
    let round = await claimDeliveries(db, { domain, now: at, limit: 99, leaseMs: 45_000 })
    for (let times = 0; times < 10; times += 1) {
      const rows = round
      const backwards = rows.toReversed()
      const outcome = { result: 'deferred', retryAt: at } as const
      const half = rows.filter((_, index) => index % 2 === 0)
      const other = backwards.filter(({ delivery }) => !half.some((one) => one.delivery.id === delivery.id))
      const recipients = backwards.map(({ delivery }) => ({ delivery, lastAttempt: null }))
      const ids = backwards.map(({ delivery }) => delivery.id)
      await Promise.all([
        db.transaction((tx) =>
          settleDeliveries(
            tx,
            half.map((one) => makeOutcome(one, outcome)),
            at,
          ),
        ),
        db.transaction((tx) =>
          settleDeliveries(
            tx,
            other.map((one) => makeOutcome(one, outcome)),
            at,
          ),
        ),
        db.transaction((tx) => markReported(tx, { recipients }, 'noticedAt', at)),
        db.transaction((tx) => changeDeliveries(tx, changes, scope, { ids, action: 'retry', by: 'ann', now: at })),
        renewLeases(
          db,
          rows.map(({ delivery }) => delivery),
          new Date(at.getTime() + 90_000),
        ),
      ])
      round = await claimDeliveries(db, { domain, now: at, limit: 99, leaseMs: 45_000 })
      expect(round).toHaveLength(24)
    }
  })
})
