export { type ItemOverrides, makeItem } from './accept-item.ts'
export { createTestDatabase, type TestDatabase, withDatabases } from './databases.ts'
export { makeDomain, makeMailbox, makeMessage, makeTenant, makeUser } from './factories.ts'
export type { TestTemplates } from './global-setup.ts'
