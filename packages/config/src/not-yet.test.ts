import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configSchema } from './schema/index.ts'
import { type Setting, settings } from './schema/walk.ts'
import { emptyFolder } from './testing/folder.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** Everything that could read a setting: the programs and packages, without this one, without tests. */
const sources = globSync(['apps/*/src/**/*.{ts,tsx}', 'apps/*/*.mjs', 'packages/*/src/**/*.ts'], { cwd: ROOT })
  .filter((path) => !/^packages\/config\/|\.test\.tsx?$|\/testing\//.test(path))
  .map((path) => readFileSync(join(ROOT, path), 'utf8'))
  .join('\n')

/** Whether a section is asked of a configuration: `config.queue`, `{ queue } = config()`, `Pick<Config, 'queue'>`. */
const asksFor = (section: string): boolean =>
  [
    String.raw`[cC]onfig(?:\(\))?\.${section}\b`,
    String.raw`\{[^{}]*\b${section}\b[^{}]*\}\s*(?::|=)[^\n]*[cC]onfig`,
    String.raw`Config,[^>]*'${section}'`,
  ].some((pattern) => new RegExp(pattern).test(sources))

/** Whether all of a setting's names occur; the name of a list's entries does not count. */
const isRead = ({ path }: Setting): boolean => {
  const [section = '', ...names] = path.replaceAll('[]', '').split('.')
  return asksFor(section) && names.every((name) => new RegExp(String.raw`\b${name}\b`).test(sources))
}
const all = settings(configSchema)

const { load } = emptyFolder()

describe('settings without an effect', () => {
  it('bear the mark: whatever nothing reads', () => {
    expect(all.filter((setting) => !setting.notYet && !isRead(setting)).map(({ path }) => path)).toEqual([])
  })

  it('bear it no longer once something reads them', () => {
    const groupOf = ({ path, backend = '' }: Setting): string => `${path.split('.').slice(0, -1).join('.')} ${backend}`
    const marked = Object.groupBy(
      all.filter(({ notYet }) => notYet),
      groupOf,
    )
    const stale = Object.entries(marked).filter(([, group]) => group?.every(isRead) === true)
    expect(stale.map(([name]) => name)).toEqual([])
  })

  it('are named to whoever sets them, in the file or the environment, and others are not', () => {
    expect(load({}).warnings).toEqual([])
    expect(load({ MAIRUST_HOOKS__ALLOWED_HOSTS: '[]', MAIRUST_SPAM__RSPAMD__ENABLED: 'true' }).warnings).toEqual([
      'no effect yet: spam.rspamd.enabled, hooks.allowed_hosts',
    ])
    const file = 'hooks:\n  allowed_hosts: []\ndns:\n  timeout_ms: 500\n'
    expect(load({}, file).warnings).toEqual(['no effect yet: hooks.allowed_hosts'])
  })
})
