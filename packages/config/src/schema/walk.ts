import { z } from 'zod'
import { isReloadable } from './reloadable.ts'

/** A setting without the wrappers that only add a default or a description. */
export interface Unwrapped {
  schema: z.core.$ZodType
  /** The value used when nothing is set; undefined when the setting is required. */
  fallback: unknown
  nullable: boolean
  description: string | undefined
  /** Whether the schema itself, not only its section, is marked as reloadable. */
  reloadable: boolean
}

/** Removes defaults, descriptions and preprocessing from a schema. */
export function unwrap(schema: z.core.$ZodType): Unwrapped {
  const found: Unwrapped = { schema, fallback: undefined, nullable: false, description: undefined, reloadable: false }
  for (;;) {
    const current = found.schema
    found.reloadable ||= isReloadable(current)
    found.description ??= z.globalRegistry.get(current)?.description
    if (current instanceof z.ZodDefault || current instanceof z.ZodPrefault) {
      found.fallback ??= current.def.defaultValue
      found.schema = current.def.innerType
    } else if (current instanceof z.ZodNullable) {
      found.nullable = true
      found.schema = current.def.innerType
    } else if (current instanceof z.ZodPipe) {
      found.schema = current.def.out
    } else {
      return found
    }
  }
}

/** The possible objects of a section: one, or one per backend. Empty when the schema is not a section. */
export function variants(schema: z.core.$ZodType): z.ZodObject[] {
  const inner = unwrap(schema).schema
  if (inner instanceof z.ZodObject) return [inner]
  if (inner instanceof z.ZodDiscriminatedUnion) return inner.options.flatMap(variants)
  return []
}

/** The settings of a section by name. */
export const shapeOf = (section: z.ZodObject): Readonly<Record<string, z.core.$ZodType>> => section.shape

/** The schemas of `key` in a section, one per variant that has it. */
export function children(schema: z.core.$ZodType, key: string): z.core.$ZodType[] {
  return variants(schema).flatMap((variant) => {
    const shape = shapeOf(variant)
    const child = Object.hasOwn(shape, key) ? shape[key] : undefined
    return child === undefined ? [] : [child]
  })
}

/** The schemas at a path of keys and list positions; empty when there is no such setting. */
export function schemasAt(root: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType[] {
  return path.reduce<z.core.$ZodType[]>(
    (schemas, key) =>
      schemas.flatMap((schema) => {
        const inner = unwrap(schema).schema
        if (inner instanceof z.ZodArray) return [inner.element]
        return children(inner, String(key))
      }),
    [root],
  )
}

/** The names that are valid in the sections among `schemas`. */
export function keyNames(schemas: readonly z.core.$ZodType[]): string[] {
  return [...new Set(schemas.flatMap(variants).flatMap((variant) => Object.keys(shapeOf(variant))))]
}

/** One setting, for listing. */
export interface Setting {
  path: string
  schema: z.core.$ZodType
  description: string
  fallback: unknown
  /** The backend the setting belongs to, when its section depends on one. */
  backend: string | undefined
  /** Whether a reload applies it; otherwise a change needs a restart. */
  reloadable: boolean
}

function backendOf(variant: z.ZodObject): string | undefined {
  const backend = shapeOf(variant)['backend']
  return backend instanceof z.ZodLiteral ? String(backend.value) : undefined
}

/** Every setting below `schema` in the order of the file; entries of lists of objects are named `list[].key`. */
export function settings(schema: z.core.$ZodType, prefix = '', backend?: string, marked = false): Setting[] {
  const { schema: inner, description = '', fallback, reloadable: own } = unwrap(schema)
  const reloadable = marked || own
  const sections = variants(inner)
  if (sections.length === 0) {
    const setting: Setting = { path: prefix, schema, description, fallback, backend, reloadable }
    if (!(inner instanceof z.ZodArray) || variants(inner.element).length === 0) return [setting]
    return [setting, ...settings(inner.element, `${prefix}[]`, backend, reloadable)]
  }
  const several = sections.length > 1
  const choice: Setting[] = several
    ? [
        {
          path: `${prefix}.backend`,
          schema: inner,
          description,
          fallback: backendOf(unwrapFirst(sections)),
          backend,
          reloadable,
        },
      ]
    : []
  const below = sections.flatMap((section) =>
    Object.entries(shapeOf(section))
      .filter(([key]) => !(several && key === 'backend'))
      .flatMap(([key, child]) =>
        settings(child, prefix === '' ? key : `${prefix}.${key}`, backendOf(section) ?? backend, reloadable),
      ),
  )
  return [...choice, ...below]
}

function unwrapFirst(sections: z.ZodObject[]): z.ZodObject {
  const [first] = sections
  if (first === undefined) throw new TypeError('a section has at least one variant')
  return first
}
