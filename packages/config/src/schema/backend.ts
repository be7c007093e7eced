import { z } from 'zod'

const has = (value: unknown, key: string): boolean => typeof value === 'object' && value !== null && key in value

/** The backend of a `database` or `storage` section: the one it names, else the one its keys belong to. */
export function backendOf(section: string, value: Record<string, unknown>): unknown {
  if (value['backend'] !== undefined) return value['backend']
  if (section === 'database') return has(value, 'url') ? 'postgres' : has(value, 'path') ? 'sqlite' : undefined
  if (section !== 'storage') return undefined
  return has(value['options'], 'bucket') ? 's3' : has(value['options'], 'base_path') ? 'fs' : undefined
}

/** File path keys of the local backends. Many environments set them permanently, so alone they do not override a server named elsewhere. */
const FILE_KEYS = { database: ['path'], storage: ['options', 'base_path'] } as const

/** The path of a section's file key when only that implies its backend, else undefined. */
export function weakChoice(section: string, value: Record<string, unknown>): readonly string[] | undefined {
  if (value['backend'] !== undefined) return undefined
  if (section === 'database') return backendOf(section, value) === 'sqlite' ? FILE_KEYS.database : undefined
  return section === 'storage' && backendOf(section, value) === 'fs' ? FILE_KEYS.storage : undefined
}

/** Fills in a missing `backend`, so that a section may contain just the keys that differ. */
export const chosenBy = <S extends z.ZodType>(section: string, fallback: string, schema: S) =>
  z.preprocess((value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || 'backend' in value) return value
    const given = value as Record<string, unknown>
    return { backend: backendOf(section, given) ?? fallback, ...given }
  }, schema)
