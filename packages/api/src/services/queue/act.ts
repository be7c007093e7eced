import { findDelivery } from '@mairust/db/queries/delivery'
import type { DeliveryAction } from '@mairust/db/names'
import { changeDeliveries } from '@mairust/db/queries/delivery-control'
import { scopeOf } from '../../context.ts'
import { AppError, orNotFound } from '../../errors.ts'
import { recorded, verb } from '../../verb/index.ts'
import { orIdOnly } from '../../wire/index.ts'
import { requireDelivery, toDeliveryWire } from './internal.ts'
import { deliveryIdInput, deliverySchema } from './schemas.ts'
import { deliveryView } from './view.ts'

/** The permission that an action needs: whoever sent it may try it again or cancel it. */
export const PERMISSION_FOR = {
  retry: 'queue:write',
  cancel: 'queue:write',
  hold: 'queue:manage',
  release: 'queue:manage',
  bounce: 'queue:manage',
} as const satisfies Record<DeliveryAction, string>

/**
 * Makes the verb of an action on one delivery. It answers with the delivery, or with its id alone for whoever may not read it.
 * @throws AppError FORBIDDEN, NOT_FOUND, CONFLICT in a state that does not allow it
 */
export const deliveryVerb = <Action extends DeliveryAction>(action: Action) =>
  verb({
    permission: PERMISSION_FOR[action],
    input: deliveryIdInput,
    output: orIdOnly(deliverySchema),
    audit: `delivery.${action}`,
    run: async (ctx, { id }, commit) => {
      const view = await deliveryView(ctx, PERMISSION_FOR[action])
      return commit(async (tx) => {
        const before = await requireDelivery(tx, view, id)
        const change = { ids: [id], action, by: ctx.actor.name, now: ctx.now() }
        const [changed] = await changeDeliveries(tx, ctx.changes, scopeOf(ctx), change)
        const row = orNotFound(await findDelivery(tx, view, id), 'delivery')
        if (changed === undefined)
          throw new AppError('CONFLICT', `The delivery is ${row.state}, which does not allow this.`)
        const after = toDeliveryWire(row)
        const answer = ctx.actor.permissions.has('queue:read') ? after : { id }
        return recorded(answer, { targetId: id, before: toDeliveryWire(before), after })
      })
    },
  })
