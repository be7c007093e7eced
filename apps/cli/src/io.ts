import { type LoadedConfig, loadConfig } from '@mairust/config'
import type { Keeper } from './keeper.ts'

/** The program's surroundings: tests bring their own. */
export interface Io {
  /** The environment and working directory that the configuration is read from; undefined: the process's. */
  env?: NodeJS.ProcessEnv | undefined
  cwd?: string | undefined
  stdin: NodeJS.ReadableStream & { isTTY?: boolean | undefined }
  /** Writes to stdout, which carries results only. */
  out: (text: string) => void
  /** Writes to stderr: messages for people. */
  err: (text: string) => void
  /** Whether a person watches stderr, so that a line may be written anew. */
  errIsTerminal?: boolean | undefined
  /** Who watches over this process; only for `start`. */
  keeper?: Keeper | undefined
}

/** The surroundings of this process. */
export const processIo = (): Io => ({
  stdin: process.stdin,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  errIsTerminal: process.stderr.isTTY,
})

/**
 * Reads the configuration and says its warnings on stderr.
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
