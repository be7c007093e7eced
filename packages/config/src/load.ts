import { type BootstrapAdmin, readBootstrapAdmin } from './bootstrap-admin.ts'
import { derive } from './derive.ts'
import { readOverrides } from './environment.ts'
import { ConfigError, type Problem } from './error.ts'
import { findConfigFile, readConfigFile } from './file.ts'
import { type Layer, merge, valueAt } from './layer.ts'
import { portClashes } from './ports.ts'
import { explain } from './problems.ts'
import { MASTER_KEY, resolveReferences } from './references.ts'
import { type Config, configSchema } from './schema/index.ts'
import { settings } from './schema/walk.ts'
import { readShortNames } from './short-names.ts'

export interface LoadedConfig {
  config: Config
  /** The file that was read, or null. */
  source: string | null
  /** What the operator should know, but need not act on. */
  warnings: string[]
  bootstrapAdmin: BootstrapAdmin | null
}

const NO_FILE: Layer = { tree: {}, where: () => 'configuration' }
const DEFAULTS: Layer = { tree: { security: { master_key: `env:${MASTER_KEY}` } }, where: () => MASTER_KEY }

const combine = (strongestFirst: readonly Layer[]): Record<string, unknown> =>
  strongestFirst.reduceRight<Record<string, unknown>>((under, layer) => merge(under, layer.tree), {})

/**
 * Loads the configuration: `MAIRUST_…` variables over short names over the file over defaults. Resolves paths against `cwd`.
 * @throws ConfigError with every problem and its file and line or variable
 */
export function loadConfig({
  env = process.env,
  cwd = process.cwd(),
}: { env?: NodeJS.ProcessEnv; cwd?: string } = {}): LoadedConfig {
  const source = findConfigFile(env, cwd)
  const file = source === null ? NO_FILE : readConfigFile(source, configSchema)
  const overrides = readOverrides(configSchema, env)
  const short = readShortNames(
    configSchema,
    env,
    (layer) => valueAt(combine([overrides, layer, file]), ['storage', 'backend']) === 's3',
  )
  const problems: Problem[] = [...overrides.problems, ...short.problems]
  const layers = [overrides, short, file, DEFAULTS].map((layer) =>
    resolveReferences(layer, configSchema, env, problems),
  )
  const given = combine(layers)
  const bootstrapAdmin = readBootstrapAdmin(env, problems)
  const parsed = configSchema.safeParse(given)
  if (!parsed.success) problems.push(...explain(configSchema, parsed.error.issues, given, layers))
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems)
  const config = derive(parsed.data, given, cwd)
  const clashes = portClashes(config)
  if (clashes.length > 0) throw new ConfigError(clashes)
  const warnings = [
    ...warningsOf(overrides.ignored, short.ignored),
    ...unusedFileKeys(overrides, config),
    ...withoutEffect(given),
  ]
  return { config, source, warnings, bootstrapAdmin }
}

/** Warns of file path variables that the chosen backend ignores. */
function unusedFileKeys({ tree, where }: Layer, config: Config): string[] {
  const unused = (backend: string, path: readonly string[]): string[] =>
    valueAt(tree, path) === undefined ? [] : [`ignored, because ${path[0] ?? ''}.backend is ${backend}: ${where(path)}`]
  return [
    ...(config.database.backend === 'sqlite' ? [] : unused(config.database.backend, ['database', 'path'])),
    ...(config.storage.backend === 'fs' ? [] : unused(config.storage.backend, ['storage', 'options', 'base_path'])),
  ]
}

/** Says which of the settings that were given nothing reads yet. */
function withoutEffect(given: Record<string, unknown>): string[] {
  const paths = settings(configSchema)
    .filter(({ path, notYet }) => notYet && valueAt(given, path.split('.')) !== undefined)
    .map(({ path }) => path)
  return paths.length === 0 ? [] : [`no effect yet: ${[...new Set(paths)].join(', ')}`]
}

function warningsOf(ignored: readonly string[], s3Names: readonly string[]): string[] {
  const warnings: string[] = []
  if (ignored.length > 0) warnings.push(`ignored, because no setting has this name: ${ignored.join(', ')}`)
  if (s3Names.length > 0) warnings.push(`ignored, because storage.backend is not s3: ${s3Names.join(', ')}`)
  return warnings
}
