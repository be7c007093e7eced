import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyFolder } from './testing/folder.ts'

const { load, path } = emptyFolder()

describe('loading', () => {
  it('needs no settings', () => {
    const { config, source, warnings, bootstrapAdmin } = load()
    expect({ source, warnings, bootstrapAdmin }).toEqual({ source: null, warnings: [], bootstrapAdmin: null })
    expect(config.smtp.inbound).toEqual({ enabled: true, host: '0.0.0.0', port: 2525 })
    expect(config.database).toEqual({ backend: 'sqlite', path: path('data/mairust.db') })
    expect(config.storage).toEqual({ backend: 'fs', options: { base_path: path('data/mail') } })
    expect(config.security.master_key).toBeNull()
  })

  it('reads the first file of the search order', () => {
    const user = path('.config/mairust')
    mkdirSync(user, { recursive: true })
    writeFileSync(join(user, 'config.yaml'), 'server: { hostname: user.example }')
    expect(load().config.server.hostname).toBe('user.example')
    expect(load({}, 'server: { hostname: here.example }').config.server.hostname).toBe('here.example')
    writeFileSync(path('named.yaml'), 'server: { hostname: named.example }')
    const named = load({ MAIRUST_CONFIG: 'named.yaml' })
    expect([named.config.server.hostname, named.source]).toEqual(['named.example', path('named.yaml')])
  })

  it('prefers MAIRUST_ names over short names, the file and defaults, in this order', () => {
    const yaml = 'logging: { level: warn, format: text }'
    expect(load({}, yaml).config.logging).toEqual({ level: 'warn', format: 'text' })
    expect(load({ LOG_LEVEL: 'ERROR' }, yaml).config.logging).toEqual({ level: 'error', format: 'text' })
    expect(load({ LOG_LEVEL: 'error', MAIRUST_LOGGING__LEVEL: 'debug' }, yaml).config.logging.level).toBe('debug')
  })

  it('prefers the variable of a setting over that of its section', () => {
    const { ops } = load({ MAIRUST_OPS__PORT: '1', MAIRUST_OPS: '{"port":2,"host":"::1"}' }).config
    expect(ops).toEqual({ host: '::1', port: 1 })
  })

  it('treats a section without keys as empty', () => {
    expect(load({}, 'smtp:\n  inbound:\nweb:\n').config.smtp.inbound.port).toBe(2525)
  })
})
