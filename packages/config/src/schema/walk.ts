import { z } from 'zod'
import { isNotYet, isReloadable } from './marks.ts'

/** A setting without the wrappers that only add a default or a description. */
export interface Unwrapped {
  schema: z.core.$ZodType
  /** The value used when nothing is set; undefined when the setting is required. */
  fallback: unknown
  nullable: boolean
  description: string | undefined
  /** Whether the schema itself, not only its section, is marked as reloadable. */
  reloadable: boolean
  /** Whether the schema itself, not only its section, is marked as having no effect yet. */
  notYet: boolean
}

/** Removes defaults, descriptions and preprocessing from a schema. */
export function unwrap(schema: z.core.$ZodType): Unwrapped {
  const found: Unwrapped = {
    schema,
    fallback: undefined,
    nullable: false,
    description: undefined,
    reloadable: false,
    notYet: false,
  }
  for (;;) {
    const current = found.schema
    found.reloadable ||= isReloadable(current)
    found.notYet ||= isNotYet(current)
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
  /** Whether nothing reads it yet. */
  notYet: boolean
}

/** What a section passes on to all that is in it. */
interface Inherited {
  backend: string | undefined
  reloadable: boolean
  notYet: boolean
}

function backendOf(variant: z.ZodObject): string | undefined {
  const backend = shapeOf(variant)['backend']
  return backend instanceof z.ZodLiteral ? String(backend.value) : undefined
}

const NOTHING: Inherited = { backend: undefined, reloadable: false, notYet: false }

/** Every setting below `schema` in the order of the file; entries of lists of objects are named `list[].key`. */
export function settings(schema: z.core.$ZodType, prefix = '', above: Inherited = NOTHING): Setting[] {
  const { schema: inner, description = '', fallback, reloadable, notYet } = unwrap(schema)
  const marks = { reloadable: above.reloadable || reloadable, notYet: above.notYet || notYet }
  const { backend } = above
  const sections = variants(inner)
  if (sections.length === 0) {
    const setting: Setting = { path: prefix, schema, description, fallback, backend, ...marks }
    if (!(inner instanceof z.ZodArray) || variants(inner.element).length === 0) return [setting]
    return [setting, ...settings(inner.element, `${prefix}[]`, { backend, ...marks })]
  }
  const several = sections.length > 1
  const chosen = several ? backendOf(unwrapFirst(sections)) : undefined
  const choice: Setting[] = several
    ? [{ path: `${prefix}.backend`, schema: inner, description, fallback: chosen, backend, ...marks }]
    : []
  const below = sections.flatMap((section) =>
    Object.entries(shapeOf(section))
      .filter(([key]) => !(several && key === 'backend'))
      .flatMap(([key, child]) =>
        settings(child, prefix === '' ? key : `${prefix}.${key}`, { backend: backendOf(section) ?? backend, ...marks }),
      ),
  )
  return [...choice, ...below]
}

function unwrapFirst(sections: z.ZodObject[]): z.ZodObject {
  const [first] = sections
  if (first === undefined) throw new TypeError('a section has at least one variant')
  return first
}
