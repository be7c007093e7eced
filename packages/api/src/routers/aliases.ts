import * as alias from '../services/alias/index.ts'
import { t } from '../trpc/init.ts'
import { list, mutation, query } from '../trpc/procedures.ts'

const tag = 'Aliases'

export const aliases = t.router({
  list: list(alias.listAliases, { path: '/aliases', tag, summary: 'List aliases' }),

  create: mutation(alias.createAlias, { method: 'POST', path: '/aliases', tag, summary: 'Add an alias', status: 201 }),

  get: query(alias.getAlias, { path: '/aliases/{id}', tag, summary: 'Get an alias' }),

  update: mutation(alias.updateAlias, { method: 'PATCH', path: '/aliases/{id}', tag, summary: 'Change an alias' }),

  remove: mutation(alias.removeAlias, { method: 'DELETE', path: '/aliases/{id}', tag, summary: 'Remove an alias' }),
})
