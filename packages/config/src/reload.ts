import { isDeepStrictEqual } from 'node:util'
import { setAt, valueAt } from './layer.ts'
import { type Config, configSchema } from './schema/index.ts'
import { settings } from './schema/walk.ts'

/** What a reload makes of two configurations. */
export interface Reloaded {
  /** The configuration that holds from now on: the old one with what may change while the server runs. */
  readonly config: Config
  /** Settings that changed and hold now. */
  readonly changed: readonly string[]
  /** Settings that changed and hold from the next start on. */
  readonly waiting: readonly string[]
}

/** Takes over from `next` every setting that the schema marks as reloadable. */
export function reloadConfig(current: Config, next: Config): Reloaded {
  const config = structuredClone(current) as Record<string, unknown>
  const changed: string[] = []
  const waiting: string[] = []
  const all = new Map(settings(configSchema).map((setting) => [setting.path, setting.reloadable]))
  for (const [path, reloadable] of all) {
    // Entries of lists change with their list.
    if (path.includes('[]')) continue
    const keys = path.split('.')
    const value = valueAt(next, keys)
    if (isDeepStrictEqual(valueAt(current, keys), value)) continue
    if (!reloadable) waiting.push(path)
    else {
      setAt(config, keys, value)
      changed.push(path)
    }
  }
  return { config: config as Config, changed, waiting }
}
