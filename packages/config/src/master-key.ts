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

function readKey(file: string): Buffer | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
  if (!isMasterKey(text)) {
    throw new ConfigError([
      {
        source: file,
        path: 'security.master_key',
        message: 'the file does not hold 32 bytes in base64; restore it from a backup',
      },
    ])
  }
  return Buffer.from(text, 'base64')
}

/** Where the key lies that no setting names. */
export const masterKeyFile = ({ server }: Pick<Config, 'server'>): string => join(server.data_dir, 'master.key')

/** Whether there is a key already, so that `ensureMasterKey` would make none. */
export const hasMasterKey = (config: Pick<Config, 'security' | 'server'>): boolean =>
  config.security.master_key !== null || existsSync(/* turbopackIgnore: true */ masterKeyFile(config))

/** Writes a key that no other process can see half-written, and that gives way to one made at the same moment. */
function writeKey(file: string): void {
  const temporary = `${file}.${randomUUID()}`
  // The bundler of the web application would else take every file of the repository for one that is opened here.
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
 * The key that encrypts stored secrets, 32 bytes: the configured one, else the one in `master.key` of the data folder,
 * which is made (mode 0600) when it is missing. Every process with the same data folder gets the same key.
 * @throws ConfigError when the file holds no key.
 */
export function ensureMasterKey(config: Pick<Config, 'security' | 'server'>): Buffer {
  if (config.security.master_key !== null) return Buffer.from(config.security.master_key, 'base64')
  const file = masterKeyFile(config)
  const present = readKey(file)
  if (present !== undefined) return present
  mkdirSync(config.server.data_dir, { recursive: true, mode: 0o700 })
  writeKey(file)
  const made = readKey(file)
  if (made === undefined) throw new Error(`${file} vanished while it was being made`)
  return made
}
