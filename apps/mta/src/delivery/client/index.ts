export type { Login } from './login.ts'
export { type Opening, openSession, type TlsOutcome } from './open.ts'
export { runTransaction } from './transaction.ts'
export type { Trust } from './tls.ts'
