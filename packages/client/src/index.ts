export { createClient, type Client, type ClientOptions } from './client.ts'
export { MaiRustError, type ClientErrorCode } from './error.ts'
export { withIdempotencyKey } from './idempotency.ts'
export { pages } from './pages.ts'
