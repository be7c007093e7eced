import { createFairQueue, type FairQueueOptions, PoolBusyError } from '@mairust/worker-pool'
import { hash, verify, type Options } from '@node-rs/argon2'
import { AppError } from '../errors.ts'

/** Argon2id at 64 MiB and three passes: about 150 ms on a small server. */
export interface PasswordCost {
  memoryKib: number
  passes: number
}
const DEFAULT_COST: PasswordCost = { memoryKib: 65_536, passes: 3 }

/** Each client's turn comes before any gets another, so that nobody's flood of logins keeps others out. */
const QUEUE: FairQueueOptions = {
  width: 2,
  widthPerName: 2,
  maxBytes: Number.POSITIVE_INFINITY,
  maxWaitingPerName: 50,
  waitMs: 15_000,
}
/** In whose name passwords are hashed that somebody sets who is let in already. */
const SETTING = 'setting'

/** Hashing and checking of passwords, bounded so that a flood of logins cannot take the machine. */
export interface Passwords {
  /** @throws AppError UNAVAILABLE when too many are waiting */
  hash: (password: string) => Promise<string>
  /**
   * Checks a password. With a null hash (unknown user, no password set) it takes the same time and is false.
   * @param client who asks, for the turns
   * @throws AppError UNAVAILABLE when too many of theirs are waiting, or for too long
   */
  verify: (stored: string | null, password: string, client: string) => Promise<boolean>
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
  const run = createTurnstile()
  let dummy: Promise<string> | null = null
  const expected = `$m=${cost.memoryKib},t=${cost.passes},p=1$`
  return {
    hash: (password) => run(SETTING, () => hash(password, options)),
    verify: (stored, password, client) =>
      run(client, async () => {
        if (stored !== null) return verify(stored, password)
        dummy ??= hash('no user has this password', options)
        await verify(await dummy, password)
        return false
      }),
    needsRehash: (stored) => !stored.startsWith('$argon2id$') || !stored.includes(expected),
  }
}

/** Runs work of several clients in turns; what is too much is refused. */
const createTurnstile = () => {
  const queue = createFairQueue(QUEUE)
  return async <T>(client: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await queue.run(client, 0, work)
    } catch (error) {
      if (!(error instanceof PoolBusyError)) throw error
      throw new AppError('UNAVAILABLE', 'Too many logins at the moment. Try again.', { cause: error, retryAfter: 5 })
    }
  }
}
