import { escapeLines } from '@mairust/log/escape'
import { Command } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { addAdmin } from './commands/admin.ts'
import { addAlias } from './commands/alias.ts'
import { addApiKey } from './commands/api-key.ts'
import { addCheck } from './commands/check.ts'
import { addConfig } from './commands/config.ts'
import { addDomain } from './commands/domain.ts'
import { addImport } from './commands/import.ts'
import { addMailbox } from './commands/mailbox.ts'
import { addMigrate } from './commands/migrate.ts'
import { addJobs } from './commands/jobs.ts'
import { addQueue } from './commands/queue.ts'
import { addReindex } from './commands/reindex.ts'
import { addReload } from './commands/reload.ts'
import { addSend } from './commands/send.ts'
import { addStart } from './commands/start.ts'
import { addTrace } from './commands/trace.ts'
import { addUser } from './commands/user.ts'
import { explainFailure } from './failure.ts'
import type { Io } from './io.ts'

/** The commands. Each loads its dependencies when it runs, which keeps the others fast. */
const COMMANDS = [
  addStart,
  addMigrate,
  addCheck,
  addAdmin,
  addDomain,
  addUser,
  addMailbox,
  addAlias,
  addApiKey,
  addTrace,
  addImport,
  addJobs,
  addQueue,
  addSend,
  addReindex,
  addReload,
  addConfig,
]

/**
 * The program with all its commands.
 * @public for its tests
 */
export function makeProgram(io: Io): Command {
  const program = new Command('mairust')
    .description('A self-hosted mail platform: receives, stores, filters, sends and shows mail.')
    .version(manifest.version)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('(use --help for usage)')
  for (const add of COMMANDS) add(program, io)
  return program
}

/** Runs the program with the given arguments and resolves with its exit status. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  try {
    await makeProgram(io).parseAsync([...args], { from: 'user' })
    return 0
  } catch (error) {
    const { message, exitCode } = explainFailure(error)
    if (message !== '') io.err(`${escapeLines(message)}\n`)
    return exitCode
  }
}
