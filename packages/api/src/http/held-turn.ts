import { AsyncLocalStorage } from 'node:async_hooks'

/** The turn of a request that reads. */
interface HeldTurn {
  without: <Result>(wait: () => Promise<Result>) => Promise<Result>
  end: () => void
}

const held = new AsyncLocalStorage<HeldTurn>()

/**
 * Waits for something that another queue or storage answers. A request that reads gives its turn back meanwhile, so that others read
 * while it waits, and goes on when it is its caller's turn again.
 * @throws AppError UNAVAILABLE when it gets no turn again, INVALID_REQUEST when its client has left
 */
export const outsideTurn = <Result>(wait: () => Promise<Result>): Promise<Result> =>
  held.getStore()?.without(wait) ?? wait()

/**
 * Runs work in a turn.
 * @param take waits for a turn, and resolves to what gives it back
 */
export const runInTurn = async <Result>(
  take: () => Promise<() => void>,
  work: () => Promise<Result>,
): Promise<Result> => {
  const turn = holdTurn(take, await take())
  try {
    return await held.run(turn, work)
  } finally {
    turn.end()
  }
}

const holdTurn = (take: () => Promise<() => void>, first: () => void): HeldTurn => {
  let give: (() => void) | null = first
  let [waits, hasEnded] = [0, false]
  const giveBack = (): void => {
    give?.()
    give = null
  }
  const takeAgain = async (): Promise<void> => {
    const taken = await take()
    if (hasEnded || waits > 0 || give !== null) taken()
    else give = taken
  }
  return {
    without: async (wait) => {
      waits += 1
      giveBack()
      try {
        return await wait()
      } finally {
        waits -= 1
        // Of several waits at once, the last one takes the turn again.
        if (waits === 0 && !hasEnded) await takeAgain()
      }
    },
    end: () => {
      hasEnded = true
      giveBack()
    },
  }
}
