import { ConfigError, keyPairWarnings, readKeyPair } from '@mairust/config'
import type { Command } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import { type Io, readConfig } from '../io.ts'
import { type Format, printOne } from '../output.ts'
import { resultCommand } from './kit.ts'

function checkConfig(io: Io, format: Format): void {
  try {
    const { config, source, warnings: ofSettings } = readConfig(io)
    const pair = readKeyPair(config.tls)
    const ofCertificate = pair === null ? [] : keyPairWarnings(pair, config, new Date())
    for (const warning of ofCertificate) io.err(`warning: ${warning}\n`)
    const warnings = [...ofSettings, ...ofCertificate]
    // A start would say the same, after the database.
    if (config.storage.backend === 's3')
      throw new ConfigError([{ source: '', path: 'storage.backend', message: 's3 is not available yet; use fs' }])
    const data = { ok: true, source, problems: [], warnings }
    printOne(io, format, data, () => `the configuration is valid (${source ?? 'no file'})`)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const data = { ok: false, source: null, problems: error.problems, warnings: [] }
    printOne(io, format, data, () => error.message)
    throw new CliError('', EXIT.problems)
  }
}

/** `check [config]`: finds problems that would prevent a start. */
export function addCheck(program: Command, io: Io): void {
  const check = program.command('check').description('find problems that would prevent a start')
  resultCommand(check, 'config', 'check the configuration file, the environment and the certificate', {
    isDefault: true,
  }).action((format: Format) => checkConfig(io, format))
}
