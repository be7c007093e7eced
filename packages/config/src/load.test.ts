import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from './error.ts'
import { type LoadedConfig, loadConfig } from './load.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'mairust-config-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const load = (env: NodeJS.ProcessEnv = {}, yaml?: string): LoadedConfig => {
  if (yaml !== undefined) writeFileSync(join(cwd, 'config.yaml'), yaml)
  return loadConfig({ env: { HOME: cwd, ...env }, cwd })
}
const failure = (env: NodeJS.ProcessEnv = {}, yaml?: string): string => {
  try {
    load(env, yaml)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'no error'
}

describe('where settings come from', () => {
  it('needs none', () => {
    const { config, source, warnings, bootstrapAdmin } = load()
    expect({ source, warnings, bootstrapAdmin }).toEqual({ source: null, warnings: [], bootstrapAdmin: null })
    expect(config.smtp.inbound).toEqual({ enabled: true, host: '0.0.0.0', port: 2525 })
    expect(config.database).toEqual({ backend: 'sqlite', path: join(cwd, 'data/mairust.db') })
    expect(config.storage).toEqual({ backend: 'fs', options: { base_path: join(cwd, 'data/mail') } })
    expect(config.security.master_key).toBeNull()
  })

  it('reads the first file of the search order', () => {
    const user = join(cwd, '.config/mairust')
    mkdirSync(user, { recursive: true })
    writeFileSync(join(user, 'config.yaml'), 'server: { hostname: user.example }')
    expect(load().config.server.hostname).toBe('user.example')
    expect(load({}, 'server: { hostname: here.example }').config.server.hostname).toBe('here.example')
    writeFileSync(join(cwd, 'named.yaml'), 'server: { hostname: named.example }')
    const named = load({ MAIRUST_CONFIG: 'named.yaml' })
    expect([named.config.server.hostname, named.source]).toEqual(['named.example', join(cwd, 'named.yaml')])
  })

  it('lets MAIRUST_ names win over short names, those over the file, and that over defaults', () => {
    const yaml = 'logging: { level: warn, format: text }'
    expect(load({}, yaml).config.logging).toEqual({ level: 'warn', format: 'text' })
    expect(load({ LOG_LEVEL: 'ERROR' }, yaml).config.logging).toEqual({ level: 'error', format: 'text' })
    expect(load({ LOG_LEVEL: 'error', MAIRUST_LOGGING__LEVEL: 'debug' }, yaml).config.logging.level).toBe('debug')
  })

  it('lets the name of a setting win over the name of its section', () => {
    const { ops } = load({ MAIRUST_OPS__PORT: '1', MAIRUST_OPS: '{"port":2,"host":"::1"}' }).config
    expect(ops).toEqual({ host: '::1', port: 1 })
  })

  it('treats a section with nothing below it as empty', () => {
    expect(load({}, 'smtp:\n  inbound:\nweb:\n').config.smtp.inbound.port).toBe(2525)
  })
})

describe('values from the environment', () => {
  it('have the type of their setting', () => {
    const { config } = load({
      MAIRUST_SMTP__INBOUND__ENABLED: 'off',
      MAIRUST_SMTP__TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      MAIRUST_DNS__SERVERS: '["127.0.0.1:5353"]',
      MAIRUST_QUEUE__RETRY_MINUTES: '0.5,2',
      MAIRUST_OUTBOUND__ROUTES: '[{"match":"*","host":"relay.example"}]',
      MAIRUST_ROLES: 'mx,web',
      MAIRUST_TLS__MIN_VERSION: 'tlsv1.3',
    })
    expect(config.smtp.inbound.enabled).toBe(false)
    expect(config.smtp.trusted_proxies).toEqual(['10.0.0.0/8', '::1'])
    expect(config.dns.servers).toEqual(['127.0.0.1:5353'])
    expect(config.queue.retry_minutes).toEqual([0.5, 2])
    expect(config.outbound.routes).toEqual([
      {
        match: '*',
        host: 'relay.example',
        port: 25,
        tls: 'opportunistic',
        username: '',
        password: '',
        after_attempts: 0,
      },
    ])
    expect(config.roles).toEqual(['mx', 'web'])
    expect(config.tls.min_version).toBe('TLSv1.3')
  })

  it('are taken for env: references, typed like the setting', () => {
    const yaml =
      'web: { port: "env:PORT" }\nspam: { rspamd: { password: env:RSPAMD_PASSWORD } }\nhooks: { allowed_hosts: [env:HOOK] }'
    const { config } = load({ PORT: '81', RSPAMD_PASSWORD: 'p', HOOK: '10.0.0.1:80' }, yaml)
    expect([config.web.port, config.spam.rspamd.password, config.hooks.allowed_hosts]).toEqual([
      81,
      'p',
      ['10.0.0.1:80'],
    ])
    expect(failure({ RSPAMD_PASSWORD: 'p', HOOK: '10.0.0.1:80' }, yaml)).toContain(
      `config.yaml:1: web.port: refers to the environment variable PORT, which is not set`,
    )
  })

  it('hold the master key', () => {
    const key = Buffer.alloc(32, 7).toString('base64')
    expect(failure({ MAIRUST_MASTER_KEY: 'short' })).toMatch(
      /^MAIRUST_MASTER_KEY: security.master_key: must be 32 bytes/,
    )
    expect(load({ MAIRUST_MASTER_KEY: key }).config.security.master_key).toBe(key)
    expect(failure({ MAIRUST_MASTER_KEY: 'short' })).not.toContain('"short"')
    expect(load({}, 'security: { master_key: "env:MAIRUST_MASTER_KEY" }').config.security.master_key).toBeNull()
  })

  it('hold the first administrator', () => {
    const admin = { MAIRUST_ADMIN_EMAIL: 'admin@example.com', MAIRUST_ADMIN_PASSWORD: 'twelve chars' }
    expect(load(admin).bootstrapAdmin).toEqual({ email: 'admin@example.com', password: 'twelve chars' })
    expect(failure({ ...admin, MAIRUST_ADMIN_PASSWORD: 'eleven char' })).toContain('12 characters or more')
    expect(failure({ ...admin, MAIRUST_ADMIN_PASSWORD: 'x'.repeat(257) })).toContain('at most 256 characters')
    expect(load({ ...admin, MAIRUST_ADMIN_PASSWORD: '😀'.repeat(256) }).bootstrapAdmin).not.toBeNull()
    expect(failure({ MAIRUST_ADMIN_PASSWORD: 'twelve chars' })).toContain('MAIRUST_ADMIN_EMAIL: must be set together')
    expect(failure({ ...admin, MAIRUST_ADMIN_EMAIL: 'admin' })).toContain('must be an address')
  })

  it('are ignored with one warning when their name is no setting', () => {
    const { warnings } = load({
      MAIRUST_FOO: '1',
      MAIRUST_BAR: '2',
      MAIRUST_TEST_DATABASE_URL: 'x',
      MAIRUST_TEST_A__B: 'y',
    })
    expect(warnings).toEqual(['ignored, because no setting has this name: MAIRUST_BAR, MAIRUST_FOO'])
  })
})

describe('backends', () => {
  it('reads DATABASE_URL over the section of another backend', () => {
    const url = 'postgres://u:p@localhost/m'
    expect(load({ DATABASE_URL: url }, 'database: { backend: sqlite, path: x.db }').config.database).toEqual({
      backend: 'postgres',
      url,
      max_connections: 20,
    })
    expect(
      load({ DATABASE_URL: url }, 'database: { url: "postgres://x", max_connections: 5 }').config.database,
    ).toEqual({ backend: 'postgres', url, max_connections: 5 })
    expect(load({ DATABASE_URL: 'sqlite:x.db' }).config.database).toEqual({
      backend: 'sqlite',
      path: join(cwd, 'x.db'),
    })
    expect(load({ DATABASE_URL: 'sqlite:///var/x.db' }).config.database).toEqual({
      backend: 'sqlite',
      path: '/var/x.db',
    })
    expect(failure({ DATABASE_URL: 'mysql://x' })).toContain('DATABASE_URL: database: must be postgres://')
  })

  it('never chooses local files by a path over a server that was named', () => {
    const url = 'postgres://h/d'
    const { config, warnings } = load({ DATABASE_URL: url, MAIRUST_DATABASE__PATH: 'x.db' })
    expect(config.database).toMatchObject({ backend: 'postgres', url })
    expect(warnings).toEqual(['ignored, because database.backend is postgres: MAIRUST_DATABASE__PATH'])
    const file = `database: { backend: postgres, url: "${url}" }`
    expect(load({ MAIRUST_DATABASE__PATH: 'x.db' }, file).config.database.backend).toBe('postgres')
    expect(load({ MAIRUST_DATABASE__PATH: 'x.db', MAIRUST_DATABASE__BACKEND: 'sqlite' }, file).config.database).toEqual(
      {
        backend: 'sqlite',
        path: join(cwd, 'x.db'),
      },
    )
    const s3 = { STORAGE_BACKEND: 's3', S3_BUCKET: 'b', S3_ACCESS_KEY: 'k', S3_SECRET_KEY: 's', S3_REGION: 'r' }
    const kept = load({ ...s3, MAIRUST_STORAGE__OPTIONS__BASE_PATH: 'mail' })
    expect(kept.config.storage.backend).toBe('s3')
    expect(kept.warnings).toEqual(['ignored, because storage.backend is s3: MAIRUST_STORAGE__OPTIONS__BASE_PATH'])
  })

  it('knows the backend from the keys', () => {
    expect(load({ DATABASE_URL: 'postgres://h/d' }, 'database: { path: x.db }').config.database.backend).toBe(
      'postgres',
    )
    expect(load({ MAIRUST_DATABASE__URL: 'postgresql://h/d' }).config.database.backend).toBe('postgres')
    expect(load({ MAIRUST_DATABASE__PATH: 'y.db' }).config.database).toEqual({
      backend: 'sqlite',
      path: join(cwd, 'y.db'),
    })
  })

  it('takes S3 names only for S3', () => {
    const s3 = {
      S3_BUCKET: 'mail',
      S3_ENDPOINT: 'http://127.0.0.1:9000',
      S3_ACCESS_KEY: 'a',
      S3_SECRET_KEY: 's',
      S3_REGION: 'eu',
    }
    expect(load({ STORAGE_BACKEND: 'S3', ...s3 }).config.storage).toMatchObject({
      backend: 's3',
      options: {
        bucket: 'mail',
        region: 'eu',
        endpoint: 'http://127.0.0.1:9000',
        access_key_id: 'a',
        secret_access_key: 's',
        encryption: 'none',
      },
    })
    expect(load({ MAIRUST_STORAGE__BACKEND: 's3', ...s3 }).config.storage.backend).toBe('s3')
    const { config, warnings } = load({ S3_BUCKET: 'mail' })
    expect(config.storage.backend).toBe('fs')
    expect(warnings).toEqual(['ignored, because storage.backend is not s3: S3_BUCKET'])
    expect(failure({ STORAGE_BACKEND: 's3' })).toBe(
      'STORAGE_BACKEND: storage.options.bucket: must be a text, and is not set',
    )
  })

  it('keeps what MaiRust makes itself together under data_dir', () => {
    const { config } = load({
      MAIRUST_SERVER__DATA_DIR: '/srv/mairust',
      MAIRUST_WEB__PORT: '9000',
      MAIRUST_TLS__CERT_PATH: 'c.pem',
      MAIRUST_TLS__KEY_PATH: '/k.pem',
    })
    expect(config.database).toMatchObject({ path: '/srv/mairust/mairust.db' })
    expect(config.storage.options).toEqual({ base_path: '/srv/mairust/mail' })
    expect(config.tls).toMatchObject({ cert_path: join(cwd, 'c.pem'), key_path: '/k.pem' })
    expect(config.server.public_url).toBe('http://localhost:9000')
    expect(
      load({ MAIRUST_WEB__PORT: '9000', MAIRUST_SERVER__PUBLIC_URL: 'https://m.example/' }).config.server.public_url,
    ).toBe('https://m.example')
  })
})

describe('what is wrong', () => {
  const place = (line: number): string => `${join(cwd, 'config.yaml')}:${line}`

  it.each([
    ['smtp:\n  inbound: { prot: 25 }', 2, 'smtp.inbound.prot: is not a setting; the nearest is smtp.inbound.port'],
    ['smpt: {}', 1, 'smpt: is not a setting; the nearest is smtp'],
    ['web: { hostname: x }', 1, 'web.hostname: is not a setting; the nearest is server.hostname'],
    ['web:\n  port: "eighty"', 2, 'web.port: must be a whole number from 0 to 65535, but is "eighty"'],
    ['web: { port: 70000 }', 1, 'web.port: must be a whole number from 0 to 65535, but is 70000'],
    ['queue: { lifetime_hours: 0 }', 1, 'queue.lifetime_hours: must be a number over 0, at most 720, but is 0'],
    ['queue: { retry_minutes: [] }', 1, 'queue.retry_minutes: must have at least one entry'],
    ['database: { backend: mysql }', 1, 'database.backend: must be one of sqlite, postgres, but is "mysql"'],
    [
      'database: { backend: sqlite, url: "postgres://x" }',
      1,
      'database.url: database.url belongs to another backend; set database.backend to that one, or remove it',
    ],
    ['roles: [mx, smtp]', 1, 'roles[1]: must be one of mx, submission, delivery, jobs, web, but is "smtp"'],
    [
      'smtp: { limits: { exempt: [10.0.0.0/33] } }',
      1,
      'smtp.limits.exempt[0]: must be an IP address or a network such as 192.0.2.0/24',
    ],
    ['hooks: { allowed_hosts: [example] }', 1, 'hooks.allowed_hosts[0]: must be host:port such as 10.0.0.5:8000'],
    [
      'dns: { servers: ["example.com:53"] }',
      1,
      'dns.servers[0]: must be an IP address, with a port if it is not 53: 127.0.0.1:5353',
    ],
    ['server: { data_dir: "" }', 1, 'server.data_dir: must not be empty'],
    [
      'server: { public_url: "ftp://x" }',
      1,
      'server.public_url: must be a URL that starts with http:// or https://, and what is set is not',
    ],
    ['tls: { cert_path: x }', 1, 'tls: tls.cert_path and tls.key_path belong together: set both or neither'],
    ['spam: { rspamd: { password: 5 } }', 1, 'spam.rspamd.password: must be a text, and what is set is not'],
    ['outbound: { routes: [{ match: x }] }', 1, 'outbound.routes[0].host: must be a text, and is not set'],
    ['smtp: 5', 1, 'smtp: must be a section of settings, but is 5'],
  ])('%j is named with its file, line and remedy', (yaml, line, message) => {
    expect(failure({}, yaml)).toBe(`${place(line)}: ${message}`)
  })

  it('names an unknown variable with the nearest one', () => {
    expect(failure({ MAIRUST_SMTP__INBUOND__PORT: '1' })).toBe(
      'MAIRUST_SMTP__INBUOND__PORT: smtp.inbuond.port: is not a setting; the nearest is smtp.inbound.port (MAIRUST_SMTP__INBOUND__PORT)',
    )
  })

  it('names the variable whose value is wrong', () => {
    expect(failure({ MAIRUST_OPS__PORT: 'x' })).toMatch(/^MAIRUST_OPS__PORT: ops.port: must be a whole number/)
    expect(failure({ LOG_LEVEL: 'loud' })).toMatch(/^LOG_LEVEL: logging.level: must be one of trace/)
    expect(failure({ MAIRUST_OPS: 'x' })).toMatch(/^MAIRUST_OPS: ops: must be a section of settings/)
  })

  it('names every problem at once', () => {
    expect(failure({ MAIRUST_OPS__PORT: 'x' }, 'smpt: 1\nweb: { port: -1 }').split('\n')).toHaveLength(3)
  })

  it('names the line of broken YAML, and a file that cannot be read', () => {
    expect(failure({}, 'smtp:\n  port: [1\nweb: {}')).toMatch(/config\.yaml:\d: /)
    expect(failure({}, 'web: {}\nweb: {}')).toContain(`${place(2)}: Map keys must be unique`)
    expect(failure({}, '- a')).toContain('must be a mapping of sections')
    expect(failure({ MAIRUST_CONFIG: 'none.yaml' })).toBe(`${join(cwd, 'none.yaml')}: the file does not exist`)
    expect(failure({ MAIRUST_CONFIG: '.' })).toContain('the file cannot be read (EISDIR)')
  })
})
