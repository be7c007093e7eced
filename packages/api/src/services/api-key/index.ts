export { createApiKey } from './create.ts'
export { getApiKey } from './get.ts'
export { listApiKeys } from './list.ts'
export { removeApiKey } from './remove.ts'
export { rotateApiKey } from './rotate.ts'
export {
  apiKeyIdInput,
  apiKeySchema,
  createApiKeyInput,
  listApiKeysInput,
  newApiKeySchema,
  updateApiKeyInput,
  type ApiKeyWire,
  type NewApiKeyWire,
} from './schemas.ts'
export { updateApiKey } from './update.ts'
