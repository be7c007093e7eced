import { ConfigError } from '@mairust/config'
import type { Command } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import { type Io, readConfig } from '../io.ts'
import { type Format, printOne } from '../output.ts'

function checkConfig(io: Io, format: Format): void {
  try {
    const { source } = readConfig(io)
    const data = { ok: true, source, problems: [] }
    printOne(io, format, data, () => `the configuration is valid (${source ?? 'no file'})`)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const data = { ok: false, source: null, problems: error.problems }
    printOne(io, format, data, () => error.message)
    throw new CliError('', EXIT.problems)
  }
}

/** `check [config]`: finds what would stop a start, without starting. */
export function addCheck(program: Command, io: Io): void {
  program
    .command('check')
    .description('find what would stop a start')
    .command('config', { isDefault: true })
    .description('check the configuration file and the environment')
    .option('--json', 'print the result as JSON')
    .action((format: Format) => checkConfig(io, format))
}
