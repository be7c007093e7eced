import { isDeepStrictEqual } from 'node:util'
import { setAt, valueAt } from './layer.ts'
import { type Config, configSchema } from './schema/index.ts'
import { settings } from './schema/walk.ts'

/** The result of reloading a configuration. */
export interface Reloaded {
  /** The configuration now in effect: the old one with the reloadable changes. */
  readonly config: Config
  /** Changed settings now in effect. */
  readonly changed: readonly string[]
  /** Changed settings that take effect at the next start. */
  readonly waiting: readonly string[]
}

/** Applies every setting of `next` that the schema marks as reloadable. */
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
