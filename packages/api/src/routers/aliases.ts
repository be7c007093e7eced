import * as alias from '../services/alias/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { deleted, deletedOutput, listOutput, one } from '../wire/index.ts'

const tag = 'Aliases'

export const aliases = t.router({
  list: procedure('alias:read', { method: 'GET', path: '/aliases', tag, summary: 'List aliases' })
    .input(alias.listAliasesInput)
    .output(listOutput(alias.aliasSchema))
    .query(({ ctx, input }) => alias.listAliases({ ctx: ctx.service, input })),

  create: procedure('alias:write', { method: 'POST', path: '/aliases', tag, summary: 'Add an alias', status: 201 })
    .input(alias.createAliasInput)
    .output(one(alias.aliasSchema))
    .mutation(async ({ ctx, input }) => ({ data: await alias.createAlias({ ctx: ctx.service, input }) })),

  get: procedure('alias:read', { method: 'GET', path: '/aliases/{id}', tag, summary: 'Get an alias' })
    .input(alias.aliasIdInput)
    .output(one(alias.aliasSchema))
    .query(async ({ ctx, input }) => ({ data: await alias.getAlias({ ctx: ctx.service, input }) })),

  update: procedure('alias:write', { method: 'PATCH', path: '/aliases/{id}', tag, summary: 'Change an alias' })
    .input(alias.updateAliasInput)
    .output(one(alias.aliasSchema))
    .mutation(async ({ ctx, input }) => ({ data: await alias.updateAlias({ ctx: ctx.service, input }) })),

  remove: procedure('alias:write', { method: 'DELETE', path: '/aliases/{id}', tag, summary: 'Remove an alias' })
    .input(alias.aliasIdInput)
    .output(deletedOutput)
    .mutation(async ({ ctx, input }) => {
      await alias.removeAlias({ ctx: ctx.service, input })
      return deleted(input.id)
    }),
})
