import * as service from '../services/tag/index.ts'
import { t } from '../trpc/init.ts'
import { list, mutation, query } from '../trpc/procedures.ts'

const tag = 'Tags'

export const tags = t.router({
  list: list(service.listTags, {
    path: '/tags',
    tag,
    summary: 'List your tags, or those of a mailbox’s owner',
  }),

  create: mutation(service.createTag, { method: 'POST', path: '/tags', tag, summary: 'Add a tag', status: 201 }),

  get: query(service.getTag, { path: '/tags/{id}', tag, summary: 'Get a tag' }),

  update: mutation(service.updateTag, { method: 'PATCH', path: '/tags/{id}', tag, summary: 'Change a tag' }),

  remove: mutation(service.removeTag, { method: 'DELETE', path: '/tags/{id}', tag, summary: 'Remove a tag' }),
})
