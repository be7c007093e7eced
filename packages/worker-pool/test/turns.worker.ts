import { serveTurns } from '../src/serve.ts'

type Task = {
  do: 'note' | 'spin' | 'exit' | 'memory' | 'hang' | 'work' | 'throw' | 'wait'
  value?: number
  ms?: number
}

const notes: number[] = []
const forever = new Promise<never>(() => undefined)
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Tasks that wait, and some that take the thread for themselves. */
serveTurns(async (task: Task, after) => {
  const { value = 0, ms = 0 } = task
  switch (task.do) {
    case 'note':
      notes.push(value)
      return [...notes]
    case 'work':
      for (const end = performance.now() + ms; performance.now() < end;);
      notes.push(value)
      return value
    case 'wait':
      await after(sleep(ms))
      return value
    case 'throw':
      await after(Promise.reject(new TypeError('no such thing')))
      return value
    case 'hang':
      return after(forever)
    case 'exit':
      await after(sleep(ms))
      return process.exit(3)
    case 'spin':
      await after(sleep(ms))
      for (;;);
    case 'memory':
      await after(sleep(ms))
      for (const hoard: number[][] = []; ;) hoard.push(new Array<number>(100_000).fill(0))
  }
})
