export {
  type DaneFacts,
  type RouteTls,
  type TlsDecision,
  tlsDecision,
  type TlsDemand,
  type TlsQuestion,
} from './level.ts'
export { afterHandshakeFailure, afterTlsSession, isClearRemembered, NO_TLS_MEMORY, type TlsMemory } from './memory.ts'
export { mayAuthenticate, TLS_LEVELS, type TlsFacts, type TlsLevel, type TlsStep, tlsStep } from './session.ts'
