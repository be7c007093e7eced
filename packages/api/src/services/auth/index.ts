export { getSession } from './get-session.ts'
export { login, type LoginFrom } from './login.ts'
export { logout } from './logout.ts'
export { getMe } from './me.ts'
export { pruneSignIn } from './prune.ts'
export {
  listSessionsInput,
  loginInput,
  meSchema,
  sessionIdInput,
  sessionSchema,
  type MeWire,
  type SessionWire,
} from './schemas.ts'
export { listSessions, removeSession } from './sessions.ts'
export { verifyLogin, type LoginAttempt, type LoginResult } from './verify-login.ts'
