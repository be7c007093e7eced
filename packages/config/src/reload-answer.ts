import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a server says of a reload: a signal brings no answer, so it lies in the data folder for whoever asked. */
export interface ReloadAnswer {
  /** Tells two answers apart. */
  readonly at: string
  /** Why nothing has changed; null when the reload was done. */
  readonly error: string | null
  readonly changed: readonly string[]
  /** Settings that changed and hold from the next start on. */
  readonly waiting: readonly string[]
}

const fileIn = (dataDir: string): string => join(dataDir, 'reload.json')

/** Leaves the answer to a reload in the data folder. */
export function writeReloadAnswer(dataDir: string, answer: ReloadAnswer): void {
  const draft = `${fileIn(dataDir)}.${process.pid}`
  writeFileSync(/* turbopackIgnore: true */ draft, `${JSON.stringify(answer)}\n`, { mode: 0o600 })
  renameSync(draft, fileIn(dataDir))
}

/** The last answer to a reload, or null. */
export function readReloadAnswer(dataDir: string): ReloadAnswer | null {
  try {
    return JSON.parse(readFileSync(/* turbopackIgnore: true */ fileIn(dataDir), 'utf8')) as ReloadAnswer
  } catch {
    return null
  }
}
