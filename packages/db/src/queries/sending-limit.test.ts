import { expect, it } from 'vitest'
import { openDatabase } from '../client/open.ts'
import { createId } from '../id.ts'
import { makeOutgoing, makeScope, withDatabases } from '../testing/index.ts'
import { acceptMessages, type SendingLimit } from './accept.ts'
import { listDeliveries } from './delivery.ts'
import { pruneSendingCounts } from './sending-limit.ts'

const AT = new Date('2026-11-01T10:20:00Z')

withDatabases((get) => {
  const limitsFor = (subject: string): SendingLimit[] => [
    { scope: 'user', subject, period: 'hour', limit: 3 },
    { scope: 'user', subject, period: 'day', limit: 4 },
  ]
  const to = (count: number) => Array.from({ length: count }, (_, at) => `r${at}@far.example`)
  const item = (tenantId: string, subject: string, count: number, at = AT) => ({
    ...makeOutgoing(tenantId, to(count), { at, journey: { startedAt: at } }),
    limits: limitsFor(subject),
  })
  const accept = async (...items: ReturnType<typeof item>[]) => {
    const { failures } = await get().db.transaction((tx) => acceptMessages(tx, items, get().changes))
    return failures.map(({ index, reason, reached }) => [index, reason, reached?.period, reached?.left])
  }

  it('a message that would exceed a limit is left out alone, says which, and costs nothing', async () => {
    const scope = await makeScope(get().db)
    const user = createId('usr')
    expect(await accept(item(scope.tenantId, user, 2), item(scope.tenantId, user, 2))).toEqual([
      [1, 'over_limit', 'hour', 1],
    ])
    expect(await accept(item(scope.tenantId, user, 1), item(scope.tenantId, createId('usr'), 3))).toEqual([])
    expect(await accept(item(scope.tenantId, user, 1))).toEqual([[0, 'over_limit', 'hour', 0]])
    const next = new Date('2026-11-01T11:00:00Z')
    expect(await accept(item(scope.tenantId, user, 2, next))).toEqual([[0, 'over_limit', 'day', 1]])
    expect(await accept(item(scope.tenantId, user, 1, next))).toEqual([])
    const rows = await listDeliveries(get().db, scope, {}, { limit: 99 })
    expect(rows).toHaveLength(7)
  })

  it('of two processes with one recipient left exactly one accepts', async () => {
    const scope = await makeScope(get().db)
    const user = createId('usr')
    await accept(item(scope.tenantId, user, 2))
    const other = await openDatabase(get().options)
    const results = await Promise.all(
      [get(), other].map(({ db, changes }) =>
        db.transaction((tx) => acceptMessages(tx, [item(scope.tenantId, user, 1)], changes)),
      ),
    )
    expect(results.map(({ failures }) => failures.length).sort()).toEqual([0, 1])
    await other.close()
  })

  it('counts from long ago are removed', async () => {
    const scope = await makeScope(get().db)
    await accept(item(scope.tenantId, createId('usr'), 1, new Date('2020-01-01T00:00:00Z')))
    expect(await pruneSendingCounts(get().db, new Date('2020-02-01T00:00:00Z'))).toBeGreaterThanOrEqual(2)
  })
})
