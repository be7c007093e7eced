import { workerData } from 'node:worker_threads'
import { serveTasks } from '@mairust/worker-pool'
import { openReader } from './sqlite-connection.ts'
import type { SearchAnswer, SearchStatement } from './sqlite-searches.ts'
import { codeOf } from './errors.ts'
import { retryBusy } from './retry.ts'
import { runStatement, Statements } from './statements.ts'

const statements = openReader((workerData as { path: string }).path).then((reader) => new Statements(reader))

serveTasks(async ({ text, params }: SearchStatement): Promise<SearchAnswer> => {
  const statement = (await statements).get(text)
  try {
    return { rows: await retryBusy(() => runStatement(statement, params)) }
  } catch (error) {
    // An error loses its code on the way between threads.
    return { failure: { message: String(error), code: codeOf(error) } }
  }
})
