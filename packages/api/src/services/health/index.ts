export { checkHealth, type Health } from './check.ts'
export { getServerHealth, serverHealthSchema, type ServerHealthWire } from './get.ts'
