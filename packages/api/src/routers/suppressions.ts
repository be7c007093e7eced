import * as service from '../services/suppression/index.ts'
import { t } from '../trpc/init.ts'
import { list, mutation, query } from '../trpc/procedures.ts'

const tag = 'Suppressions'

export const suppressions = t.router({
  list: list(service.listSuppressions, {
    path: '/suppressions',
    tag,
    summary: 'List addresses that get no mail, and why',
  }),

  create: mutation(service.createSuppression, {
    method: 'POST',
    path: '/suppressions',
    tag,
    summary: 'Suppress an address',
    description:
      'Mail to it ends as `suppressed`, and its senders are told. Administrators of domains name one of their domains.',
    status: 201,
  }),

  export: list(service.exportSuppressions, {
    path: '/suppressions/export',
    tag,
    summary: 'Get the list in the form that it is imported in',
  }),

  import: mutation(service.importSuppressions, {
    method: 'POST',
    path: '/suppressions/import',
    tag,
    summary: 'Suppress up to 1000 addresses, all or none',
  }),

  override: mutation(service.overrideSuppression, {
    method: 'POST',
    path: '/suppressions/{address}/override',
    tag,
    summary: 'Let the next message to a suppressed address through, once',
  }),

  get: query(service.getSuppression, {
    path: '/suppressions/{address}',
    tag,
    summary: 'Get the suppression of an address, the one for all mail first',
  }),

  remove: mutation(service.removeSuppression, {
    method: 'DELETE',
    path: '/suppressions/{address}',
    tag,
    summary: 'Let mail to an address go again',
  }),
})
