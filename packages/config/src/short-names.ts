import type { z } from 'zod'
import { coerce } from './coerce.ts'
import { originIn } from './environment.ts'
import type { Problem } from './error.ts'
import { type Layer, type Path, setAt } from './layer.ts'
import { schemasAt } from './schema/walk.ts'

/** Names that are common in container environments, each for one setting. */
const SHORT_NAMES: Readonly<Record<string, readonly string[]>> = {
  STORAGE_BACKEND: ['storage', 'backend'],
  LOG_LEVEL: ['logging', 'level'],
  MAIRUST_ROLES: ['roles'],
}

/** Names that apply only with the S3 backend; otherwise they belong to other programs. */
const S3_NAMES: Readonly<Record<string, readonly string[]>> = {
  S3_ENDPOINT: ['storage', 'options', 'endpoint'],
  S3_BUCKET: ['storage', 'options', 'bucket'],
  S3_REGION: ['storage', 'options', 'region'],
  S3_ACCESS_KEY: ['storage', 'options', 'access_key_id'],
  S3_SECRET_KEY: ['storage', 'options', 'secret_access_key'],
}

/** Short names and their settings, for the reference. */
export const shortNames: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ ...SHORT_NAMES, ...S3_NAMES }).map(([name, path]) => [path.join('.'), name] as const),
  ['database.url', 'DATABASE_URL'],
  ['database.path', 'DATABASE_URL'],
])

const set = (env: NodeJS.ProcessEnv, name: string): string | undefined => (env[name] === '' ? undefined : env[name])

/** Parses `postgres://…` or `sqlite:PATH`. */
function databaseSection(url: string): Record<string, unknown> | undefined {
  if (/^postgres(?:ql)?:\/\//.test(url)) return { backend: 'postgres', url }
  const path = /^sqlite:(?:\/\/(?=[./]))?(.+)$/.exec(url)?.[1]
  return path === undefined ? undefined : { backend: 'sqlite', path }
}

/** Reads the short names. `s3` says whether the other sources choose the S3 backend. */
export function readShortNames(
  root: z.core.$ZodType,
  env: NodeJS.ProcessEnv,
  s3: (layer: Layer) => boolean,
): Layer & { problems: Problem[]; ignored: string[] } {
  const tree: Record<string, unknown> = {}
  const names = new Map<string, string>()
  const problems: Problem[] = []
  const ignored: string[] = []
  const where = (path: Path): string => originIn(names, path)
  const take = (name: string, path: readonly string[]): void => {
    const value = set(env, name)
    const [schema] = schemasAt(root, path)
    if (value === undefined) return
    names.set(path.join('.'), name)
    setAt(tree, path, schema === undefined || path.at(-1) === 'backend' ? value.toLowerCase() : coerce(value, schema))
  }
  for (const [name, path] of Object.entries(SHORT_NAMES)) take(name, path)
  const url = set(env, 'DATABASE_URL')
  if (url !== undefined) {
    const section = databaseSection(url)
    names.set('database', 'DATABASE_URL')
    if (section === undefined)
      problems.push({
        source: 'DATABASE_URL',
        path: 'database',
        message: 'must be postgres://user:password@host/name or sqlite:PATH',
      })
    else tree['database'] = section
  }
  const usesS3 = s3({ tree, where })
  for (const [name, path] of Object.entries(S3_NAMES)) {
    if (usesS3) take(name, path)
    else if (set(env, name) !== undefined) ignored.push(name)
  }
  return { tree, where, problems, ignored }
}
