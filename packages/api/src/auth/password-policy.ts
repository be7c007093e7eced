import { COMMON_PASSWORDS } from './common-passwords.ts'

const MIN_LENGTH = 12
const MAX_LENGTH = 256

/**
 * Why a password is not good enough, or null (NIST SP 800-63B §5.1.1.2: length and known passwords, no rules of
 * composition). Length is counted in characters.
 */
export const checkPassword = (password: string): string | null => {
  const length = Array.from(password).length
  if (length < MIN_LENGTH) return `must have at least ${MIN_LENGTH} characters`
  if (length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`
  if (new Set(password).size < 4) return 'must not repeat a few characters'
  if (COMMON_PASSWORDS.has(password.toLowerCase())) return 'is among the passwords that attackers try first'
  return null
}
