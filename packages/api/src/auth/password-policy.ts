import { PASSWORD_LENGTH, passwordLength } from '@mairust/config/password'
import { COMMON_PASSWORDS } from './common-passwords.ts'

/**
 * Why a password is not good enough, or null (NIST SP 800-63B §5.1.1.2: length and known passwords, no rules of
 * composition). Length is counted in characters.
 */
export const checkPassword = (password: string): string | null => {
  const length = passwordLength(password)
  if (length < PASSWORD_LENGTH.min) return `must have at least ${PASSWORD_LENGTH.min} characters`
  if (length > PASSWORD_LENGTH.max) return `must have at most ${PASSWORD_LENGTH.max} characters`
  if (new Set(password).size < 4) return 'must not repeat a few characters'
  if (COMMON_PASSWORDS.has(password.toLowerCase())) return 'is among the passwords that attackers try first'
  return null
}
