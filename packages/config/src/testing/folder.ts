import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { ConfigError } from '../error.ts'
import { type LoadedConfig, loadConfig } from '../load.ts'

/** Gives each test of a file an empty folder, which is its home too. */
export function emptyFolder() {
  let cwd: string
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'mairust-config-'))
  })
  afterEach(() => rmSync(cwd, { recursive: true, force: true }))

  /** A path in the folder. */
  const path = (name: string): string => join(cwd, name)
  /** What is read there, with `yaml` as the folder's config.yaml. */
  const load = (env: NodeJS.ProcessEnv = {}, yaml?: string): LoadedConfig => {
    if (yaml !== undefined) writeFileSync(path('config.yaml'), yaml)
    return loadConfig({ env: { HOME: cwd, ...env }, cwd })
  }
  /** What is said to be wrong. */
  const failure = (env: NodeJS.ProcessEnv = {}, yaml?: string): string => {
    try {
      load(env, yaml)
    } catch (error) {
      if (error instanceof ConfigError) return error.message
      throw error
    }
    return 'no error'
  }
  return { path, load, failure }
}
