import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { CommandTurns } from './command-turns.ts'

/** A connection with endless commands, each of which finishes at once or with a microtask. */
function flood(turns: CommandTurns, isAsync: boolean) {
  const state = { done: 0, stopped: false }
  const next = (): void => {
    if (state.stopped) return
    state.done += 1
    if (isAsync) void Promise.resolve().then(() => turns.wait(next))
    else turns.wait(next)
  }
  turns.wait(next)
  return state
}

it.each([true, false])('commands without end leave the event loop to others, async: %s', async (isAsync) => {
  const turns = new CommandTurns()
  const busy = flood(turns, isAsync)
  await nextTurn()
  const before = busy.done
  for (let turn = 0; turn < 10; turn += 1) await nextTurn()
  busy.stopped = true
  expect(before).toBeLessThanOrEqual(30)
  expect(busy.done - before).toBeLessThanOrEqual(110)
})

it('whoever has few commands waits no longer than one command of each of the others', async () => {
  const turns = new CommandTurns()
  const others = Array.from({ length: 200 }, () => flood(turns, true))
  await nextTurn()
  const before = others.map(({ done }) => done)
  await new Promise<void>((resolve) => turns.wait(resolve))
  const most = Math.max(...others.map(({ done }, at) => done - (before[at] ?? 0)))
  for (const other of others) other.stopped = true
  expect(most).toBeLessThanOrEqual(2)
})
