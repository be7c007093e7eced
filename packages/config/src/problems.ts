import type { z } from 'zod'
import type { Problem } from './error.ts'
import { type Layer, type Path, pathText, valueAt } from './layer.ts'
import { nearest } from './nearest.ts'
import { describeType } from './schema/describe-type.ts'
import { keyNames, schemasAt, settings } from './schema/walk.ts'

const SECRET = /password|secret|master_key|url$/

/** Where the value at a path was set: the strongest source that has it, or else its section. */
function sourceOf(path: Path, layers: readonly Layer[]): string {
  for (let depth = path.length; depth > 0; depth--) {
    const layer = layers.find((candidate) => valueAt(candidate.tree, path.slice(0, depth)) !== undefined)
    if (layer !== undefined) return layer.where(path.slice(0, depth))
  }
  return 'configuration'
}

function shown(path: Path, value: unknown): string {
  if (value === undefined) return 'and is not set'
  return SECRET.test(String(path.at(-1))) ? 'but the value is not' : `but is ${JSON.stringify(value)}`
}

function unknownKey(root: z.core.$ZodType, section: Path, key: string): string {
  const path = pathText([...section, key])
  if (schemasAt(root, [...section, key]).length > 0)
    return `${path} belongs to another backend; set ${String(section[0])}.backend to that one, or remove it`
  const elsewhere = settings(root).find((setting) => setting.path.split('.').at(-1) === key)?.path
  const sibling = nearest(key, keyNames(schemasAt(root, section)))
  const guess = elsewhere ?? pathText([...section, sibling ?? ''])
  return `is not a setting; the nearest is ${guess}`
}

function mustBe(root: z.core.$ZodType, issue: z.core.$ZodIssue, value: unknown): string {
  // A schema's own message is more precise than its type.
  if (issue.code === 'custom') return issue.message
  if (issue.code === 'invalid_format' && issue.message.startsWith('must '))
    return `${issue.message}, ${shown(issue.path, value)}`
  if (issue.code === 'too_small' && issue.origin === 'array') return 'must have at least one entry'
  if (issue.code === 'too_small' && issue.origin === 'string') return 'must not be empty'
  const [schema] = schemasAt(root, issue.path)
  return `must be ${schema === undefined ? 'another value' : describeType(schema)}, ${shown(issue.path, value)}`
}

/** Turns each validation issue into what is wrong, where it was set, and what is allowed. `layers` are strongest first. */
export function explain(
  root: z.core.$ZodType,
  issues: readonly z.core.$ZodIssue[],
  merged: unknown,
  layers: readonly Layer[],
): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const path = [...issue.path, key]
        return { source: sourceOf(path, layers), path: pathText(path), message: unknownKey(root, issue.path, key) }
      })
    }
    const discriminator =
      issue.code === 'invalid_union' && schemasAt(root, issue.path).length > 0 && issue.path.at(-1) === 'backend'
    const path = issue.path
    const schemas = discriminator ? schemasAt(root, path.slice(0, -1)) : []
    const message =
      schemas[0] === undefined
        ? mustBe(root, issue, valueAt(merged, path))
        : `must be ${describeType(schemas[0])}, ${shown(path, valueAt(merged, path))}`
    return [{ source: sourceOf(path, layers), path: pathText(path), message }]
  })
}
