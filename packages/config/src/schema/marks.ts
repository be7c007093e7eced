import type { z } from 'zod'

/** A mark that schemas bear without becoming other schemas. */
function newMark() {
  const marked = new WeakSet<z.core.$ZodType>()
  return {
    add: <S extends z.core.$ZodType>(schema: S): S => {
      marked.add(schema)
      return schema
    },
    has: (schema: z.core.$ZodType): boolean => marked.has(schema),
  }
}

const reload = newMark()
const later = newMark()

/** Marks a setting, or a whole section, as reloadable (SIGHUP) at runtime. */
export const reloadable = reload.add

/** Marks a setting, or a whole section, as one that nothing reads yet. Setting it causes a warning. */
export const notYet = later.add

/** Whether a schema bears the mark. */
export const isReloadable = reload.has

/** Whether a schema bears the mark. */
export const isNotYet = later.has
