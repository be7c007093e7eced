import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The result of a reload. A signal has no reply, so the server leaves it in the data folder. */
export interface ReloadResult {
  /** Distinguishes one result from the next. */
  readonly at: string
  /** Why nothing has changed; null on success. */
  readonly error: string | null
  readonly changed: readonly string[]
  /** Changed settings that take effect at the next start. */
  readonly waiting: readonly string[]
}

const fileIn = (dataDir: string): string => join(dataDir, 'reload.json')

/** Writes the result of a reload to the data folder. */
export function writeReloadResult(dataDir: string, result: ReloadResult): void {
  const draft = `${fileIn(dataDir)}.${process.pid}`
  writeFileSync(/* turbopackIgnore: true */ draft, `${JSON.stringify(result)}\n`, { mode: 0o600 })
  renameSync(draft, fileIn(dataDir))
}

/** The result of the last reload, or null. */
export function readReloadResult(dataDir: string): ReloadResult | null {
  try {
    return JSON.parse(readFileSync(/* turbopackIgnore: true */ fileIn(dataDir), 'utf8')) as ReloadResult
  } catch {
    return null
  }
}
