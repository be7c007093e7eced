export { configSchema, type Config } from './schema/index.ts'
export { ROLES, type Role } from './schema/roles.ts'
