import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from './load.ts'
import { readReloadResult, writeReloadResult } from './reload-result.ts'
import { reloadConfig } from './reload.ts'
import { configSchema } from './schema/index.ts'
import { settings } from './schema/walk.ts'

const load = (env: Record<string, string> = {}) => loadConfig({ env, cwd: '/' }).config

describe('a reload', () => {
  it('applies reloadable settings, and lists those that wait for the next start', () => {
    const now = load()
    const next = load({
      MAIRUST_SMTP__MAX_RECIPIENTS: '5',
      MAIRUST_SMTP__INBOUND__PORT: '25',
      MAIRUST_SMTP__LIMITS__EXEMPT: '192.0.2.1',
      MAIRUST_WEB__RATE_LIMITS__PER_KEY_PER_MINUTE: '7',
      MAIRUST_WEB__PORT: '80',
      DATABASE_URL: 'postgres://host/name',
    })
    const { config, changed, waiting } = reloadConfig(now, next)
    expect(changed).toEqual(['smtp.max_recipients', 'smtp.limits.exempt', 'web.rate_limits.per_key_per_minute'])
    expect(waiting).toEqual(
      expect.arrayContaining([
        'smtp.inbound.port',
        'web.port',
        'server.public_url',
        'database.backend',
        'database.url',
      ]),
    )
    expect(config.smtp).toEqual({ ...now.smtp, max_recipients: 5, limits: next.smtp.limits })
    expect(config.web).toEqual({ ...now.web, rate_limits: next.web.rate_limits })
    expect(config.database).toEqual(now.database)
    expect(now.smtp.max_recipients).toBe(100)
  })

  it('changes nothing when nothing has changed', () => {
    expect(reloadConfig(load(), load())).toEqual({ config: load(), changed: [], waiting: [] })
  })

  it('never moves a port, a folder or a database under a running server', () => {
    const fixed = settings(configSchema).filter(({ path }) =>
      /(?:\.|^)(?:port|host|data_dir|base_path|backend|roles|master_key)$/.test(path),
    )
    expect(fixed.length).toBeGreaterThan(10)
    expect(fixed.filter(({ reloadable }) => reloadable)).toEqual([])
  })
})

it('writes its result to the data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mairust-answer-'))
  expect(readReloadResult(folder)).toBeNull()
  const answer = { at: 'now', error: null, changed: ['logging.level'], waiting: [] }
  writeReloadResult(folder, answer)
  expect(readReloadResult(folder)).toEqual(answer)
  writeFileSync(join(folder, 'reload.json'), 'half')
  expect(readReloadResult(folder)).toBeNull()
  rmSync(folder, { recursive: true })
})
