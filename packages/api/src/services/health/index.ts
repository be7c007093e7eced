export { checkHealth, type Health } from './check.ts'
export { getServerHealth, healthSchema, serverHealthSchema, type ServerHealthWire } from './get.ts'
