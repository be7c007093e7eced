import * as apiKey from '../services/api-key/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { deleted, deletedOutput, listOutput, one } from '../wire/index.ts'

const tag = 'API keys'

export const apiKeys = t.router({
  list: procedure('api_key:read', { method: 'GET', path: '/admin/api-keys', tag, summary: 'List API keys' })
    .input(apiKey.listApiKeysInput)
    .output(listOutput(apiKey.apiKeySchema))
    .query(({ ctx, input }) => apiKey.listApiKeys({ ctx: ctx.service, input })),

  create: procedure('api_key:write', {
    method: 'POST',
    path: '/admin/api-keys',
    tag,
    summary: 'Make an API key; its text is shown this once',
    status: 201,
  })
    .input(apiKey.createApiKeyInput)
    .output(one(apiKey.newApiKeySchema))
    .mutation(async ({ ctx, input }) => ({ data: await apiKey.createApiKey({ ctx: ctx.service, input }) })),

  get: procedure('api_key:read', { method: 'GET', path: '/admin/api-keys/{id}', tag, summary: 'Get an API key' })
    .input(apiKey.apiKeyIdInput)
    .output(one(apiKey.apiKeySchema))
    .query(async ({ ctx, input }) => ({ data: await apiKey.getApiKey({ ctx: ctx.service, input }) })),

  update: procedure('api_key:write', {
    method: 'PATCH',
    path: '/admin/api-keys/{id}',
    tag,
    summary: 'Change the name, the scopes or the end of an API key',
  })
    .input(apiKey.updateApiKeyInput)
    .output(one(apiKey.apiKeySchema))
    .mutation(async ({ ctx, input }) => ({ data: await apiKey.updateApiKey({ ctx: ctx.service, input }) })),

  remove: procedure('api_key:write', {
    method: 'DELETE',
    path: '/admin/api-keys/{id}',
    tag,
    summary: 'Revoke an API key',
  })
    .input(apiKey.apiKeyIdInput)
    .output(deletedOutput)
    .mutation(async ({ ctx, input }) => {
      await apiKey.removeApiKey({ ctx: ctx.service, input })
      return deleted(input.id)
    }),

  rotate: procedure('api_key:write', {
    method: 'POST',
    path: '/admin/api-keys/{id}/rotate',
    tag,
    summary: 'Give an API key a new secret; the old one stops at once',
  })
    .input(apiKey.apiKeyIdInput)
    .output(one(apiKey.newApiKeySchema))
    .mutation(async ({ ctx, input }) => ({ data: await apiKey.rotateApiKey({ ctx: ctx.service, input }) })),
})
