import * as apiKey from '../services/api-key/index.ts'
import { t } from '../trpc/init.ts'
import { list, mutation, query } from '../trpc/procedures.ts'

const tag = 'API keys'

export const apiKeys = t.router({
  list: list(apiKey.listApiKeys, { path: '/admin/api-keys', tag, summary: 'List API keys' }),

  create: mutation(apiKey.createApiKey, {
    method: 'POST',
    path: '/admin/api-keys',
    tag,
    summary: 'Create an API key; it is shown only once',
    status: 201,
  }),

  get: query(apiKey.getApiKey, { path: '/admin/api-keys/{id}', tag, summary: 'Get an API key' }),

  update: mutation(apiKey.updateApiKey, {
    method: 'PATCH',
    path: '/admin/api-keys/{id}',
    tag,
    summary: 'Change the name, the scopes or the expiry of an API key',
  }),

  remove: mutation(apiKey.removeApiKey, {
    method: 'DELETE',
    path: '/admin/api-keys/{id}',
    tag,
    summary: 'Revoke an API key',
  }),

  rotate: mutation(apiKey.rotateApiKey, {
    method: 'POST',
    path: '/admin/api-keys/{id}/rotate',
    tag,
    summary: 'Give an API key a new secret; the old one stops working at once',
  }),
})
