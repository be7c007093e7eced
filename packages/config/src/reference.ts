import { environmentName } from './environment.ts'
import { describeType } from './schema/describe-type.ts'
import { configSchema } from './schema/index.ts'
import { type Setting, settings } from './schema/walk.ts'
import { shortNames } from './short-names.ts'

const INTRODUCTION = `# Configuration

No configuration is needed: every setting has a default. This page is generated from the schema in \`packages/config\`
(\`mairust config reference\` prints it).

Settings are read from a YAML file: the first that exists of \`$MAIRUST_CONFIG\`, \`./config.yaml\`,
\`~/.config/mairust/config.yaml\` and \`/etc/mairust/config.yaml\`. Every setting can also be set with the environment variable in
its table: lists are separated by commas or written in JSON, objects in JSON. \`MAIRUST_…\` names win over the short names
(\`DATABASE_URL\` and the like), short names over the file, the file over the defaults. A value \`env:NAME\` is read from the
environment variable \`NAME\`. Relative paths are relative to the working directory.

Unknown keys, wrong types and values out of range prevent a start; \`mairust check config\` finds them without starting anything. In
the environment, only \`MAIRUST_\` names with \`__\` between the levels, or of a whole section (in JSON), are settings; others, such
as \`MAIRUST_WEB_PORT\`, are ignored with a warning.

\`mairust reload\`, or SIGHUP, makes a running server reload the settings marked *Reloadable* from the file; its environment stays
the same. The log lists what has changed, and which changes wait for the next start.

Settings marked *No effect yet* are for features that are still to come, such as spam checks. They are validated, and
setting one causes a warning.

\`MAIRUST_ADMIN_EMAIL\` and \`MAIRUST_ADMIN_PASSWORD\` (12 to 256 characters) create the administrator on the first start,
with the address's domain and a mailbox, instead of the set-up page.
`

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function fallbackText({ fallback }: Setting): string {
  if (fallback === undefined) return 'required'
  if (fallback === null || fallback === '') return 'not set'
  if (Array.isArray(fallback) && fallback.length === 0) return 'empty'
  return `\`${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}\``
}

function environmentNames({ path }: Setting): string[] {
  if (path.includes('[]')) return []
  const short = shortNames.get(path)
  return [...new Set([environmentName(path.split('.')), ...(short === undefined ? [] : [short])])]
}

const names = (setting: Setting): string =>
  environmentNames(setting)
    .map((name) => `\`${name}\``)
    .join(', ') || 'in the list’s JSON'

function row(setting: Setting): string {
  const only = setting.backend === undefined ? '' : ` Only with backend \`${setting.backend}\`.`
  const reload = setting.reloadable ? ' *Reloadable.*' : ''
  const later = setting.notYet ? ' *No effect yet.*' : ''
  const cells = [
    `\`${setting.path}\``,
    describeType(setting.schema),
    fallbackText(setting),
    names(setting),
    setting.description + only + reload + later,
  ]
  return `| ${cells.map(cell).join(' | ')} |`
}

/** One setting, as data. */
export interface ReferenceEntry {
  setting: string
  type: string
  /** null when the setting has no default. */
  default: unknown
  required: boolean
  /** Environment variables; none for entries of lists, which are part of the list's JSON. */
  environment: string[]
  description: string
  /** Whether `mairust reload` applies it; otherwise a change needs a restart. */
  reloadable: boolean
  /** Whether it has an effect; one without is there for what is still to come. */
  effective: boolean
}

/** The configuration reference as data, in the order of the file. */
export const listReference = (): ReferenceEntry[] =>
  settings(configSchema).map((setting) => ({
    setting: setting.path,
    type: describeType(setting.schema),
    default: setting.fallback ?? null,
    required: setting.fallback === undefined,
    environment: environmentNames(setting),
    description: setting.description,
    reloadable: setting.reloadable,
    effective: !setting.notYet,
  }))

/** The configuration reference in Markdown: each setting with its type, default, environment names and meaning. */
export function renderReference(): string {
  const sections = Map.groupBy(settings(configSchema), (setting) => setting.path.split(/[.[]/)[0] ?? '')
  const tables = [...sections].map(
    ([name, rows]) =>
      `\n## ${name}\n\n| Setting | Type | Default | Environment | Meaning |\n| --- | --- | --- | --- | --- |\n${rows.map(row).join('\n')}\n`,
  )
  return INTRODUCTION + tables.join('')
}
