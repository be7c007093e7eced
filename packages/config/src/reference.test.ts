import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { listReference, renderReference } from './reference.ts'
import { configSchema } from './schema/index.ts'
import { settings } from './schema/walk.ts'

it('matches docs/configuration.md; if not: pnpm --filter @mairust/config reference', () => {
  expect(readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')).toBe(renderReference())
})

it('explains every setting', () => {
  expect(
    settings(configSchema)
      .filter((setting) => setting.description === '')
      .map((setting) => setting.path),
  ).toEqual([])
})

it('is available as data', () => {
  const entries = new Map(listReference().map((entry) => [entry.setting, entry]))
  expect(entries.get('logging.level')).toMatchObject({
    default: 'info',
    environment: ['MAIRUST_LOGGING__LEVEL', 'LOG_LEVEL'],
  })
  expect(entries.get('database.url')).toMatchObject({ default: null, required: true })
  expect(entries.get('outbound.routes[].host')?.environment).toEqual([])
})
