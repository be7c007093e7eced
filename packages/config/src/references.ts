import type { z } from 'zod'
import { coerce } from './coerce.ts'
import type { Problem } from './error.ts'
import { isSection, type Layer, type Path, pathText } from './layer.ts'
import { schemasAt } from './schema/walk.ts'

/** May be unset: the first start creates a key then. */
export const MASTER_KEY = 'MAIRUST_MASTER_KEY'

/** Replaces every `env:NAME` in a layer with the value of that variable; an unset one is a problem. */
export function resolveReferences(
  layer: Layer,
  root: z.core.$ZodType,
  env: NodeJS.ProcessEnv,
  problems: Problem[],
): Layer {
  const resolve = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) return value.map((entry, index) => resolve(entry, [...path, index]))
    if (isSection(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolve(entry, [...path, key])]))
    }
    const name = typeof value === 'string' ? /^env:([a-z_]\w*)$/i.exec(value)?.[1] : undefined
    if (name === undefined) return value
    const text = env[name]
    if (text === undefined || text === '') {
      if (name === MASTER_KEY) return null
      problems.push({
        source: layer.where(path),
        path: pathText(path),
        message: `refers to the environment variable ${name}, which is not set`,
      })
      return undefined
    }
    const [schema] = schemasAt(root, path)
    return schema === undefined ? text : coerce(text, schema)
  }
  return { ...layer, tree: resolve(layer.tree, []) as Record<string, unknown> }
}
