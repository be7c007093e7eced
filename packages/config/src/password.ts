/** How long a password is, in characters (Unicode code points), not in units of some encoding. */
export const passwordLength = (password: string): number => Array.from(password).length

/** How long a password must be at least, and may be at most. Longer ones are nobody's: hashing them would cost more. */
export const PASSWORD_LENGTH = { min: 12, max: 256 } as const
