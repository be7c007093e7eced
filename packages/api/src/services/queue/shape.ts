import { type QueueAges, queueShape } from '@mairust/db/queries/delivery-shape'
import { verb } from '../../verb/index.ts'
import { nothing } from '../../wire/index.ts'
import { readApart } from '../read-apart.ts'
import { shapeSchema } from './control-schemas.ts'
import { deliveryView } from './view.ts'

/** The spans of Postfix's qshape. */
const MINUTES = [5, 10, 20, 40, 80, 160, 320, 640, 1280]
const DOMAINS = 50
const SMALLER = {
  field: 'state',
  reason: 'and a domain of `GET /queue` tell of less: counting everything takes too long.',
}

/**
 * The mail that the actor sees in the queue and that has no end, by domain and age.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR when there is too much to count
 */
export const getQueueShape = verb({
  permission: 'queue:read',
  input: nothing,
  output: shapeSchema,
  run: async (ctx) => {
    const view = await deliveryView(ctx, 'queue:read')
    const since = MINUTES.map((minutes) => new Date(ctx.now().getTime() - minutes * 60_000))
    const shape = await readApart(ctx, SMALLER, (db) => queueShape(db, view, { since, limit: DOMAINS }))
    return {
      minutes: MINUTES,
      ...toAges(shape),
      domain_count: shape.domainCount,
      domains: shape.domains.map(({ domain, ...ages }) => ({ domain, ...toAges(ages) })),
    }
  },
})

/** The numbers within each span, from those up to each bound. */
const toAges = ({ total, since }: QueueAges): { total: number; ages: number[] } => ({
  total,
  ages: [...since, total].map((upTo, at) => upTo - (since[at - 1] ?? 0)),
})
