import { ConfigError, forgetBootstrapAdmin, takeEnvironment } from '@mairust/config'
import type { Command } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import { type Io, readConfig, readDataConfig } from '../io.ts'

/** Whether a restart would fail the same way. */
const isFinal = (error: unknown): error is Error =>
  error instanceof ConfigError || (error instanceof Error && error.name === 'MigrationError')

/** `start`: runs the server until it is stopped. */
export function addStart(program: Command, io: Io): void {
  program
    .command('start')
    .description('migrate the database and run everything until SIGTERM')
    .option('--new-master-key', 'use a new master key, when the old one is lost')
    .action(async ({ newMasterKey }: { newMasterKey?: boolean }) => {
      const { supervisor } = io
      const env = io.env ?? takeEnvironment()
      try {
        const { config, bootstrapAdmin } = readDataConfig({ ...io, env })
        forgetBootstrapAdmin(env)
        const { runServer } = await import('@mairust/mta')
        await runServer({
          config,
          bootstrapAdmin,
          newMasterKey,
          reload: () => readConfig({ ...io, env }).config,
          signal: supervisor?.ending,
          onLog: (log) => supervisor?.logPredecessor(log),
          onReady: (lines) => {
            io.err(`${lines.join('\n')}\n`)
            supervisor?.ready()
          },
        })
      } catch (error) {
        if (!isFinal(error)) throw error
        await supervisor?.final()
        // By this status systemd knows it too (docs/operations.md).
        throw new CliError(error.message, EXIT.problems)
      }
    })
}
