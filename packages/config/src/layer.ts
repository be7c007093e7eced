import { backendOf, weakChoice } from './schema/backend.ts'

export type Path = readonly PropertyKey[]

/** A path in text form: `outbound.routes[0].host`. */
export const pathText = (path: Path): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')

/** The settings of one source, as a tree in the shape of the file. */
export interface Layer {
  tree: Record<string, unknown>
  /** Where the value at `path` was written, for error messages. */
  where: (path: Path) => string
}

/** Whether a value is a plain section: neither a list nor a scalar. */
export const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a path, or undefined. */
export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    return (value as Record<PropertyKey, unknown>)[key]
  }, tree)
}

/** Sets the value at a path, creating sections as needed. */
export function setAt(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path
  if (key === undefined) return
  if (rest.length === 0) {
    const before = tree[key]
    tree[key] = isSection(before) && isSection(value) ? merge(before, value) : value
    return
  }
  const below = isSection(tree[key]) ? tree[key] : {}
  tree[key] = below
  setAt(below, rest, value)
}

/**
 * Merges `over` onto `under`: sections are merged, everything else is replaced. A section for another backend replaces the one
 * below, whose keys do not apply to it; but a file path alone never displaces a named server.
 */
export function merge(under: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const result = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const before = result[key]
    if (!isSection(value) || !isSection(before)) result[key] = value
    else if (sameBackend(key, before, value)) result[key] = merge(before, value)
    else {
      const file = weakChoice(key, value)
      result[key] = file === undefined ? value : merge(before, without(value, file))
    }
  }
  return result
}

/** A section without the value at a path. */
function without(value: Record<string, unknown>, [key = '', ...rest]: readonly string[]): Record<string, unknown> {
  const { [key]: removed, ...others } = value
  return rest.length > 0 && isSection(removed) ? { ...others, [key]: without(removed, rest) } : others
}

function sameBackend(section: string, a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const [first, second] = [backendOf(section, a), backendOf(section, b)]
  return first === undefined || second === undefined || first === second
}
