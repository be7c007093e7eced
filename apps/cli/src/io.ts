import { checkAccess, checkOwner, type LoadedConfig, loadConfig } from '@mairust/config'
import type { Supervisor } from './supervisor.ts'

/** The program's environment; tests pass their own. */
export interface Io {
  /** Environment and working directory to read the configuration from; default: the process's. */
  env?: NodeJS.ProcessEnv | undefined
  cwd?: string | undefined
  stdin: NodeJS.ReadableStream & { isTTY?: boolean | undefined }
  /** Writes to stdout, which carries results only. */
  out: (text: string) => void
  /** Writes to stderr: messages for people. */
  err: (text: string) => void
  /** Whether stderr is a terminal, so that a line may be rewritten. */
  errIsTerminal?: boolean | undefined
  /** The supervisor of this process; only for `start`. */
  supervisor?: Supervisor | undefined
}

/** The environment of this process. */
export const processIo = (): Io => ({
  stdin: process.stdin,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  errIsTerminal: process.stderr.isTTY,
})

/**
 * Reads the configuration and prints its warnings to stderr.
 * @throws ConfigError
 */
export function readConfig(io: Io): LoadedConfig {
  const loaded = loadConfig({
    ...(io.env === undefined ? {} : { env: io.env }),
    ...(io.cwd === undefined ? {} : { cwd: io.cwd }),
  })
  for (const warning of loaded.warnings) io.err(`warning: ${warning}\n`)
  return loaded
}

/**
 * Reads the configuration for work in the data folder.
 * @throws ConfigError, also when it belongs to another user
 */
export function readDataConfig(io: Io): LoadedConfig {
  const loaded = readConfig(io)
  checkAccess(loaded.config)
  checkOwner(loaded.config)
  return loaded
}
