import { serveTasks } from '../src/serve.ts'

type Task =
  | { do: 'double'; value: number }
  | { do: 'thread' | 'throw' | 'exit' | 'crash' | 'spin' | 'hang' | 'uncloneable' | 'memory' }
  | { do: 'length'; bytes: Uint8Array }

/** Every way a worker can answer, or fail to. */
serveTasks((task: Task) => {
  switch (task.do) {
    case 'double':
      return task.value * 2
    case 'length':
      return task.bytes.length
    case 'thread':
      return process.pid
    case 'throw':
      throw new TypeError('no such thing')
    case 'exit':
      return process.exit(3)
    case 'crash':
      setImmediate(() => {
        throw new Error('outside the handler')
      })
      return new Promise(() => undefined)
    case 'spin':
      for (;;);
    case 'hang':
      return new Promise(() => undefined)
    case 'memory':
      for (const hoard: number[][] = []; ;) hoard.push(new Array<number>(100_000).fill(0))
    case 'uncloneable':
      return () => undefined
  }
})
