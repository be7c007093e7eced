/** Length of a password in Unicode code points. */
export const passwordLength = (password: string): number => Array.from(password).length

/** Shortest and longest password allowed. The maximum bounds the cost of hashing. */
export const PASSWORD_LENGTH = { min: 12, max: 256 } as const
