import type { Command } from 'commander'
import { type Io, readConfig } from '../io.ts'

/** `start`: the server, until it is told to end. */
export function addStart(program: Command, io: Io): void {
  program
    .command('start')
    .description('migrate the database and run everything until SIGTERM')
    .action(async () => {
      const { config, bootstrapAdmin } = readConfig(io)
      const { runServer } = await import('@mairust/mta')
      await runServer({ config, bootstrapAdmin, reload: () => readConfig(io).config })
    })
}
