import type { Problem } from './error.ts'
import { PASSWORD_LENGTH, passwordLength } from './password.ts'

/** The administrator created on a first start, so that a container is usable without the wizard. */
export interface BootstrapAdmin {
  email: string
  password: string
}

/** Reads `MAIRUST_ADMIN_EMAIL` and `MAIRUST_ADMIN_PASSWORD`; null when neither is set. */
export function readBootstrapAdmin(env: NodeJS.ProcessEnv, problems: Problem[]): BootstrapAdmin | null {
  const email = (env['MAIRUST_ADMIN_EMAIL'] ?? '').trim()
  const password = env['MAIRUST_ADMIN_PASSWORD'] ?? ''
  if (email === '' && password === '') return null
  if (email === '')
    problems.push({
      source: 'MAIRUST_ADMIN_EMAIL',
      path: '',
      message: 'must be set together with MAIRUST_ADMIN_PASSWORD',
    })
  else if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    problems.push({ source: 'MAIRUST_ADMIN_EMAIL', path: '', message: 'must be an address such as admin@example.com' })
  }
  const length = passwordLength(password)
  if (length < PASSWORD_LENGTH.min || length > PASSWORD_LENGTH.max) {
    const message =
      length < PASSWORD_LENGTH.min
        ? `must have ${PASSWORD_LENGTH.min} characters or more`
        : `must have at most ${PASSWORD_LENGTH.max} characters`
    problems.push({ source: 'MAIRUST_ADMIN_PASSWORD', path: '', message })
  }
  return { email, password }
}
