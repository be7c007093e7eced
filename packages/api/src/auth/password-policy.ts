import { PASSWORD_LENGTH, passwordLength } from '@mairust/config/password'
import { COMMON_PASSWORDS } from './common-passwords.ts'

/**
 * Why a password is too weak, or null. NIST SP 800-63B §5.1.1.2: length and common passwords, no composition rules. The length
 * counts characters.
 */
export const checkPassword = (password: string): string | null => {
  const length = passwordLength(password)
  if (length < PASSWORD_LENGTH.min) return `must have at least ${PASSWORD_LENGTH.min} characters`
  if (length > PASSWORD_LENGTH.max) return `must have at most ${PASSWORD_LENGTH.max} characters`
  if (new Set(password).size < 4) return 'must have at least 4 different characters'
  if (COMMON_PASSWORDS.has(password.toLowerCase())) return 'is one of the passwords that attackers try first'
  return null
}
