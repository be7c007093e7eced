import { randomBytes, randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from './error.ts'
import type { Config } from './schema/index.ts'
import { isMasterKey } from './schema/security.ts'

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

const problem = (source: string, message: string): ConfigError =>
  new ConfigError([{ source, path: 'security.master_key', message }])

function readKey(file: string): Buffer | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw problem(file, `the user that MaiRust runs as cannot read the file (${code}); chown it to that user`)
  }
  if (!isMasterKey(text)) throw problem(file, 'the file does not contain 32 bytes in base64; restore it from a backup')
  return Buffer.from(text, 'base64')
}

/** The file of the key when no setting provides it. */
export const masterKeyFile = ({ server }: Pick<Config, 'server'>): string => join(server.data_dir, 'master.key')

/** Whether there is a key, so that `ensureMasterKey` would not create one. */
export const hasMasterKey = (config: Pick<Config, 'security' | 'server'>): boolean =>
  config.security.master_key !== null || existsSync(/* turbopackIgnore: true */ masterKeyFile(config))

/** Writes a new key atomically; keeps the one that another process created at the same time. */
function writeKey(file: string): void {
  const temporary = `${file}.${randomUUID()}`
  // Otherwise the web application's bundler assumes that any file of the repository may be opened here.
  const handle = openSync(/* turbopackIgnore: true */ temporary, 'wx', 0o600)
  try {
    writeSync(handle, `${randomBytes(32).toString('base64')}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  try {
    linkSync(temporary, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

/**
 * The key that encrypts stored secrets, 32 bytes: the configured one, else `master.key` in the data folder, created (mode
 * 0600) when missing. Every process with the same data folder gets the same key.
 * @throws ConfigError when the file contains no valid key
 */
export function ensureMasterKey(config: Pick<Config, 'security' | 'server'>): Buffer {
  if (config.security.master_key !== null) return Buffer.from(config.security.master_key, 'base64')
  const file = masterKeyFile(config)
  const present = readKey(file)
  if (present !== undefined) return present
  mkdirSync(config.server.data_dir, { recursive: true, mode: 0o700 })
  writeKey(file)
  const made = readKey(file)
  if (made === undefined) throw new Error(`${file} vanished while it was being created`)
  return made
}
