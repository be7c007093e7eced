import type { z } from 'zod'
import { coerce } from './coerce.ts'
import type { Problem } from './error.ts'
import { type Layer, type Path, setAt } from './layer.ts'
import { editDistance, nearest } from './nearest.ts'
import { keyNames, schemasAt, settings } from './schema/walk.ts'

const PREFIX = 'MAIRUST_'
const RESERVED = /^(?:CONFIG|ROLES|MASTER_KEY|ADMIN_EMAIL|ADMIN_PASSWORD|TEST_.*)$/

/** The environment variable that sets the setting at a path: `MAIRUST_SMTP__INBOUND__PORT`. */
export const environmentName = (path: readonly string[]): string => PREFIX + path.join('__').toUpperCase()

/** The paths of settings with their own variable. */
const settingPaths = (root: z.core.$ZodType): string[] =>
  settings(root)
    .map(({ path }) => path)
    .filter((path) => !path.includes('[]'))

function unknownName(root: z.core.$ZodType, name: string, path: readonly string[]): Problem {
  const guess = nearest(path.join('.'), settingPaths(root)) ?? ''
  return {
    source: name,
    path: path.join('.'),
    message: `is not a setting; the nearest is ${guess} (${environmentName(guess.split('.'))})`,
  }
}

/**
 * An ignored name, with a suggestion: the only variable with this ending apart from doubled underscores, or else one that differs
 * by no more than a third.
 */
function ignoredName(root: z.core.$ZodType, name: string): string {
  const words = name.slice(PREFIX.length)
  const variables = settingPaths(root).map((path) => environmentName(path.split('.')))
  const [only, ...more] = variables.filter((variable) => variable.replaceAll('__', '_').endsWith(`_${words}`))
  const close = nearest(name, variables) ?? ''
  const guess =
    more.length === 0 && only !== undefined ? only : editDistance(name, close) <= words.length / 3 ? close : null
  return guess === null ? name : `${name} (did you mean ${guess}?)`
}

/** The variable that set the value at a path, or its section, or something inside it. */
export function originIn(names: ReadonlyMap<string, string>, path: Path): string {
  for (let depth = path.length; depth > 0; depth--) {
    const prefix = path.slice(0, depth).join('.')
    const name = names.get(prefix) ?? [...names].find(([key]) => key.startsWith(`${prefix}.`))?.[1]
    if (name !== undefined) return name
  }
  return 'environment'
}

/** The environment's settings and problems. */
export interface EnvironmentLayer extends Layer {
  problems: Problem[]
  /** `MAIRUST_` names that are not settings, some with a suggestion. */
  ignored: string[]
}

/** Reads the `MAIRUST_…` overrides. Whole sections are applied first, so that single settings win. */
export function readOverrides(root: z.core.$ZodType, env: NodeJS.ProcessEnv): EnvironmentLayer {
  const tree: Record<string, unknown> = {}
  const problems: Problem[] = []
  const ignored: string[] = []
  const names = new Map<string, string>()
  const sections = new Set(keyNames([root]))
  const found = Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !RESERVED.test(name.slice(PREFIX.length)))
    .map((name) => ({ name, path: name.slice(PREFIX.length).toLowerCase().split('__') }))
    .sort((a, b) => a.path.length - b.path.length || a.name.localeCompare(b.name))
  for (const { name, path } of found) {
    if (path.length === 1 && !sections.has(path[0] ?? '')) {
      ignored.push(ignoredName(root, name))
      continue
    }
    const [schema] = schemasAt(root, path)
    if (schema === undefined) {
      problems.push(unknownName(root, name, path))
      continue
    }
    names.set(path.join('.'), name)
    setAt(tree, path, coerce(env[name] ?? '', schema))
  }
  return { tree, where: (path) => originIn(names, path), problems, ignored }
}
