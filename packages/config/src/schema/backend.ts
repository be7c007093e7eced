import { z } from 'zod'

/** Fills in `backend` when the section leaves it out, so that a section may hold just the keys that differ. */
export const chosenBy = <S extends z.ZodType>(backendOf: (value: Record<string, unknown>) => string, schema: S) =>
  z.preprocess((value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || 'backend' in value) return value
    const section = value as Record<string, unknown>
    return { backend: backendOf(section), ...section }
  }, schema)
