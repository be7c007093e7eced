export { getSession } from './get-session.ts'
export { listSessions } from './list-sessions.ts'
export { login } from './login.ts'
export { logout } from './logout.ts'
export { getMe } from './me.ts'
export { pruneSignIn } from './prune.ts'
export { removeSession } from './remove-session.ts'
export {
  listSessionsInput,
  loginInput,
  meSchema,
  sessionIdInput,
  sessionSchema,
  type MeWire,
  type SessionWire,
} from './schemas.ts'
export { logRefusedLogin } from './refused-login.ts'
export { verifyLogin, type LoginAttempt, type LoginResult } from './verify-login.ts'
