import { hash, verify, type Options } from '@node-rs/argon2'
import pLimit from 'p-limit'
import { AppError } from '../errors.ts'

/** Argon2id at 64 MiB and three passes: about 150 ms on a small server. */
export interface PasswordCost {
  memoryKib: number
  passes: number
}
const DEFAULT_COST: PasswordCost = { memoryKib: 65_536, passes: 3 }

const MAX_PARALLEL = 2
const MAX_WAITING = 50

/** Hashing and checking of passwords, bounded so that a flood of logins cannot take the machine. */
export interface Passwords {
  /** @throws AppError UNAVAILABLE when too many are waiting */
  hash: (password: string) => Promise<string>
  /**
   * Checks a password. With a null hash (unknown user, no password set) it takes the same time and is false.
   * @throws AppError UNAVAILABLE when too many are waiting
   */
  verify: (stored: string | null, password: string) => Promise<boolean>
  /** Whether a stored hash was made at another cost than today's. */
  needsRehash: (stored: string) => boolean
}

/** Makes the hasher of a process. Tests pass a lower cost. */
export const createPasswords = (cost: PasswordCost = DEFAULT_COST): Passwords => {
  // The library's default algorithm is Argon2id; its enum cannot be imported under isolatedModules.
  const options: Options = {
    memoryCost: cost.memoryKib,
    timeCost: cost.passes,
    parallelism: 1,
  }
  const limit = pLimit(MAX_PARALLEL)
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    if (limit.pendingCount < MAX_WAITING) return limit(work)
    throw new AppError('UNAVAILABLE', 'Too many logins at this moment. Try again.', { retryAfter: 5 })
  }
  let dummy: Promise<string> | null = null
  const expected = `$m=${cost.memoryKib},t=${cost.passes},p=1$`
  return {
    hash: (password) => run(() => hash(password, options)),
    verify: (stored, password) =>
      run(async () => {
        if (stored !== null) return verify(stored, password)
        dummy ??= hash('no user has this password', options)
        await verify(await dummy, password)
        return false
      }),
    needsRehash: (stored) => !stored.startsWith('$argon2id$') || !stored.includes(expected),
  }
}
