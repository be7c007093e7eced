import { serveTurns } from '../src/serve.ts'

type Task = {
  do: 'note' | 'spin' | 'exit' | 'memory' | 'hang' | 'work' | 'throw' | 'wait' | 'open' | 'sleep' | 'hold'
  value?: number
  ms?: number
  /** For `hold`: how often it has begun. The first time it keeps the thread for good. */
  gate?: Int32Array
}

const notes: number[] = []
const forever = new Promise<never>(() => undefined)
const opening = Promise.withResolvers<undefined>()
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Tasks that wait, and some that take the thread for themselves. */
serveTurns(async (task: Task, after) => {
  const { value = 0, ms = 0, gate } = task
  switch (task.do) {
    case 'note':
      notes.push(value)
      return [...notes]
    case 'work':
      for (const end = performance.now() + ms; performance.now() < end;);
      notes.push(value)
      return value
    case 'wait':
      await after(opening.promise)
      return value
    case 'open':
      opening.resolve(undefined)
      return value
    case 'sleep':
      await after(sleep(ms))
      return value
    case 'hold':
      if (gate === undefined) throw new Error('There is no gate')
      if (Atomics.add(gate, 0, 1) > 0) return value
      Atomics.notify(gate, 0)
      Atomics.wait(gate, 0, 1)
      return null
    case 'throw':
      await after(Promise.reject(new TypeError('no such thing')))
      return value
    case 'hang':
      return after(forever)
    case 'exit':
      return process.exit(3)
    case 'spin':
      for (;;);
    case 'memory':
      for (const hoard: number[][] = []; ;) hoard.push(new Array<number>(100_000).fill(0))
  }
})
