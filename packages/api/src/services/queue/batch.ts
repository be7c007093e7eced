import type { Db } from '@mairust/db'
import { listDeliveries, type QueuedDelivery } from '@mairust/db/queries/delivery'
import { DELIVERY_ACTIONS, type DeliveryAction } from '@mairust/db/names'
import { changeDeliveries } from '@mairust/db/queries/delivery-control'
import type { DeliveryView } from '@mairust/db/queries/delivery-view'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { LIMITS } from '../../contract/limits.ts'
import { scopeOf } from '../../context.ts'
import { recorded, verb } from '../../verb/index.ts'
import { PERMISSION_FOR } from './act.ts'
import { toFilter } from './internal.ts'
import { batchQueueInput, batchQueueSchema } from './schemas.ts'
import { deliveryView } from './view.ts'

const actions = DELIVERY_ACTIONS.map((action) => `delivery.${action}` as const)

/**
 * Does something to up to 1000 deliveries in one transaction, by their ids or by a filter. `failed` lists the ids that do not exist for
 * the actor, and those whose state does not allow it. A filter takes only what the action would change; while `has_more`, repeat it.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR unless there are either ids or a filter
 */
export const batchQueue = verb({
  permission: 'queue:write',
  input: batchQueueInput,
  output: batchQueueSchema,
  audit: { action: actions, target: 'delivery' },
  run: async (ctx, batch, commit) => {
    const { action } = batch
    requirePermission(ctx, PERMISSION_FOR[action])
    const view = await deliveryView(ctx, PERMISSION_FOR[action])
    return commit(async (tx) => {
      const now = ctx.now()
      const { rows, failed, hasMore } = await choose(tx, view, batch, now)
      const change = { ids: rows.map(({ id }) => id), action, by: ctx.actor.name, now }
      const changed = new Set((await changeDeliveries(tx, ctx.changes, scopeOf(ctx), change)).map(({ id }) => id))
      const [done, not] = [rows.filter(({ id }) => changed.has(id)), rows.filter(({ id }) => !changed.has(id))]
      const conflicts = batch.ids === undefined ? [] : not.map(({ id }) => ({ id, code: 'CONFLICT' }))
      const answer = { updated: changed.size, failed: [...failed, ...conflicts], has_more: hasMore }
      return recorded(answer, ...entries(action, done))
    })
  },
})

interface Chosen {
  readonly rows: readonly QueuedDelivery[]
  readonly failed: readonly { id: string; code: string }[]
  readonly hasMore: boolean
}

const choose = async (
  tx: Db,
  view: DeliveryView,
  { ids, filter = {}, action }: z.output<typeof batchQueueInput>,
  now: Date,
): Promise<Chosen> => {
  if (ids === undefined) {
    const wanted = { ...toFilter(filter), changedBy: { action, now } }
    const rows = await listDeliveries(tx, view, wanted, { limit: LIMITS.batch + 1 })
    return { rows: rows.slice(0, LIMITS.batch), failed: [], hasMore: rows.length > LIMITS.batch }
  }
  const rows = await listDeliveries(tx, view, { ids }, { limit: LIMITS.batch })
  const found = new Set(rows.map(({ id }) => id))
  const missing = [...new Set(ids)].filter((id) => !found.has(id))
  return { rows, failed: missing.map((id) => ({ id, code: 'NOT_FOUND' })), hasMore: false }
}

/** One entry for all, with what each of them was. */
const entries = (action: DeliveryAction, rows: readonly QueuedDelivery[]) =>
  rows.length === 0
    ? []
    : [
        {
          action: `delivery.${action}` as const,
          targetId: null,
          before: { deliveries: rows.map(({ id, state }) => ({ id, state })) },
        },
      ]
