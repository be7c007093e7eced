import type { z } from 'zod'

const marked = new WeakSet<z.core.$ZodType>()

/** Marks a setting, or a whole section, as reloadable (SIGHUP) at runtime. */
export function reloadable<S extends z.core.$ZodType>(schema: S): S {
  marked.add(schema)
  return schema
}

/** Whether a schema is marked. */
export const isReloadable = (schema: z.core.$ZodType): boolean => marked.has(schema)
