import * as queue from '../services/queue/index.ts'
import { t } from '../trpc/init.ts'
import { list, mutation, query } from '../trpc/procedures.ts'

const tag = 'Queue'

export const queueRouter = t.router({
  list: list(queue.listQueue, {
    path: '/queue',
    tag,
    summary: 'List deliveries to other servers, the newest first',
    description: 'Those that have ended are among them: `state` narrows the list.',
  }),

  batch: mutation(queue.batchQueue, {
    method: 'POST',
    path: '/queue/batch',
    tag,
    summary: 'Change up to 1000 deliveries at once',
    description:
      'By `ids`, or all that match `filter` and that the action would change; while `has_more`, repeat the call. ' +
      '`hold`, `release` and `bounce` are for administrators.',
  }),

  pauses: query(queue.getQueuePauses, {
    path: '/queue/pauses',
    tag,
    summary: 'Get what is paused',
    description: 'Pauses of the whole installation are among them.',
  }),

  pause: mutation(queue.pauseQueue, {
    method: 'POST',
    path: '/queue/pause',
    tag,
    summary: 'Pause mail: everything, a site, the tenant or a sender',
    description: '`all` and `site` are for super_admins, `tenant` for administrators of the tenant.',
  }),

  resume: mutation(queue.resumeQueue, {
    method: 'POST',
    path: '/queue/resume',
    tag,
    summary: 'End a pause',
  }),

  shape: query(queue.getQueueShape, {
    path: '/queue/shape',
    tag,
    summary: 'Count mail that has not ended by domain and age',
  }),

  throttles: list(queue.listThrottles, {
    path: '/queue/throttles',
    tag,
    summary: 'List sites that get less mail because of their answers',
  }),

  lift: mutation(queue.liftThrottle, {
    method: 'DELETE',
    path: '/queue/throttles',
    tag,
    summary: 'Undo the throttles of a site that have a cause',
  }),

  get: query(queue.getDelivery, { path: '/queue/{id}', tag, summary: 'Get a delivery with its attempts' }),

  retry: mutation(queue.retryDelivery, {
    method: 'POST',
    path: '/queue/{id}/retry',
    tag,
    summary: 'Try a delivery again now',
  }),

  hold: mutation(queue.holdDelivery, {
    method: 'POST',
    path: '/queue/{id}/hold',
    tag,
    summary: 'Keep a delivery from being tried until it is released',
  }),

  release: mutation(queue.releaseDelivery, {
    method: 'POST',
    path: '/queue/{id}/release',
    tag,
    summary: 'Let a held delivery be tried',
  }),

  cancel: mutation(queue.cancelDelivery, {
    method: 'POST',
    path: '/queue/{id}/cancel',
    tag,
    summary: 'Give a delivery up, without a bounce',
  }),

  bounce: mutation(queue.bounceDelivery, {
    method: 'POST',
    path: '/queue/{id}/bounce',
    tag,
    summary: 'Give a delivery up, and return it to its sender',
  }),
})
