export { createApiKey } from './create.ts'
export { listApiKeys } from './list.ts'
export { removeApiKey } from './remove.ts'
export { rotateApiKey } from './rotate.ts'
export {
  apiKeyIdInput,
  apiKeySchema,
  createApiKeyInput,
  listApiKeysInput,
  newApiKeySchema,
  type ApiKeyWire,
  type NewApiKeyWire,
} from './schemas.ts'
