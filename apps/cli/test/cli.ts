import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { TestDatabase } from '@mairust/db/testing'
import { runCli } from '../src/cli.ts'
import type { Io } from '../src/io.ts'

/** A password that the policy accepts. */
export const PASSWORD = 'correct horse battery'

export interface Outcome {
  status: number
  out: string
  err: string
}

/** The program with its own data folder, run in this process. */
export interface Cli {
  env: NodeJS.ProcessEnv
  folder: string
  run: (args: readonly string[], stdin?: string) => Promise<Outcome>
  /** Runs with `--json` and returns the parsed output; throws on failure. */
  json: (args: readonly string[], stdin?: string) => Promise<Answer>
  remove: () => void
}

/** The REST shape of a result, loosely typed for tests. */
export interface Answer {
  data: Record<string, unknown> & readonly Record<string, unknown>[]
  pagination?: { cursor: string | null; has_more: boolean }
}

const databaseEnvironment = (options: TestDatabase['options']): NodeJS.ProcessEnv =>
  options.backend === 'postgres' ? { DATABASE_URL: options.url } : { DATABASE_URL: `sqlite:${options.path}` }

/** Creates a data folder, with a database in it or a given one. */
export function makeCli(options?: TestDatabase['options']): Cli {
  const folder = mkdtempSync(join(tmpdir(), 'mairust-cli-'))
  const env: NodeJS.ProcessEnv = {
    HOME: folder,
    MAIRUST_SERVER__DATA_DIR: join(folder, 'data'),
    ...(options === undefined ? {} : databaseEnvironment(options)),
  }
  const run: Cli['run'] = async (args, stdin = '') => {
    const outcome = { out: '', err: '' }
    const io: Io = {
      env,
      cwd: folder,
      stdin: Readable.from([stdin]),
      out: (text) => (outcome.out += text),
      err: (text) => (outcome.err += text),
    }
    return { status: await runCli(args, io), ...outcome }
  }
  return {
    env,
    folder,
    run,
    json: async (args, stdin) => {
      const { status, out, err } = await run([...args, '--json'], stdin)
      if (status !== 0) throw new Error(`${args.join(' ')}: status ${status}: ${err}`)
      return JSON.parse(out) as Answer
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
