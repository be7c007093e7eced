import { createFairQueue, type FairQueueOptions, PoolBusyError } from '@mairust/worker-pool'
import { hash, verify, type Options } from '@node-rs/argon2'
import { AppError } from '../errors.ts'

/** The cost of Argon2id. The default, 64 MiB and three passes, takes about 150 ms on a small server. */
export interface PasswordCost {
  memoryKib: number
  passes: number
}
const DEFAULT_COST: PasswordCost = { memoryKib: 65_536, passes: 3 }

/** Clients take turns, so that one client's flood of logins does not keep others out. */
const QUEUE: FairQueueOptions = {
  width: 2,
  widthPerName: 2,
  maxBytes: Number.POSITIVE_INFINITY,
  maxWaitingPerName: 50,
  waitMs: 15_000,
}
/** The queue name for hashing new passwords, which only signed-in users set. */
const SETTING = 'setting'

/** Hashes and checks passwords, with a limit so that a flood of logins cannot exhaust the machine. */
export interface Passwords {
  /** @throws AppError UNAVAILABLE if too many are waiting */
  hash: (password: string) => Promise<string>
  /**
   * Checks a password. With a null hash (unknown user, no password set) it takes as long and returns false.
   * @param client address of the client; clients take turns
   * @throws AppError UNAVAILABLE if too many of the client's checks are waiting, or one waits too long
   */
  verify: (stored: string | null, password: string, client: string) => Promise<boolean>
  /** Whether a stored hash was made at another cost than the current one. */
  needsRehash: (stored: string) => boolean
}

/** Makes the hasher of this process. Tests pass a lower cost. */
export const createPasswords = (cost: PasswordCost = DEFAULT_COST): Passwords => {
  // The library's default algorithm is Argon2id; its enum cannot be imported under isolatedModules.
  const options: Options = {
    memoryCost: cost.memoryKib,
    timeCost: cost.passes,
    parallelism: 1,
  }
  const run = createPasswordQueue()
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

/** Makes a queue in which clients take turns; it refuses what exceeds its limits. */
const createPasswordQueue = () => {
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
