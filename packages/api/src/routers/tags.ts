import * as service from '../services/tag/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { changed, deleted, deletedOutput, listOutput, one } from '../wire/index.ts'

const tag = 'Tags'

export const tags = t.router({
  list: procedure('tag:read', {
    method: 'GET',
    path: '/tags',
    tag,
    summary: 'List your tags, or those of a mailbox’s owner',
  })
    .input(service.listTagsInput)
    .output(listOutput(service.tagSchema))
    .query(({ ctx, input }) => service.listTags({ ctx: ctx.service, input })),

  create: procedure('tag:write', { method: 'POST', path: '/tags', tag, summary: 'Add a tag', status: 201 })
    .input(service.createTagInput)
    .output(one(service.tagSchema))
    .mutation(async ({ ctx, input }) => ({ data: await service.createTag({ ctx: ctx.service, input }) })),

  get: procedure('tag:read', { method: 'GET', path: '/tags/{id}', tag, summary: 'Get a tag' })
    .input(service.tagIdInput)
    .output(one(service.tagSchema))
    .query(async ({ ctx, input }) => ({ data: await service.getTag({ ctx: ctx.service, input }) })),

  update: procedure('tag:write', { method: 'PATCH', path: '/tags/{id}', tag, summary: 'Change a tag' })
    .input(service.updateTagInput)
    .output(changed(service.tagSchema))
    .mutation(async ({ ctx, input }) => ({ data: await service.updateTag({ ctx: ctx.service, input }) })),

  remove: procedure('tag:write', { method: 'DELETE', path: '/tags/{id}', tag, summary: 'Remove a tag' })
    .input(service.tagIdInput)
    .output(deletedOutput)
    .mutation(async ({ ctx, input }) => {
      await service.removeTag({ ctx: ctx.service, input })
      return deleted(input.id)
    }),
})
