import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { ConfigError } from '../error.ts'
import { type LoadedConfig, loadConfig } from '../load.ts'

/** Gives each test an empty folder, which is also its home. */
export function emptyFolder() {
  let cwd: string
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'mairust-config-'))
  })
  afterEach(() => rmSync(cwd, { recursive: true, force: true }))

  /** A path in the folder. */
  const path = (name: string): string => join(cwd, name)
  /** Loads the configuration there, with `yaml` as config.yaml. */
  const load = (env: NodeJS.ProcessEnv = {}, yaml?: string): LoadedConfig => {
    if (yaml !== undefined) writeFileSync(path('config.yaml'), yaml)
    return loadConfig({ env: { HOME: cwd, ...env }, cwd })
  }
  /** The error message of loading. */
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
