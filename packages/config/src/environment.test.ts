import { describe, expect, it } from 'vitest'
import { emptyFolder } from './testing/folder.ts'

const { failure, load } = emptyFolder()

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
        unverified_login: false,
      },
    ])
    expect(config.roles).toEqual(['mx', 'web'])
    expect(config.tls.min_version).toBe('TLSv1.3')
  })

  it('are used for env: references, typed like the setting', () => {
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

  it('are ignored with one warning when their name is not a setting', () => {
    const { warnings } = load({
      MAIRUST_FOO: '1',
      MAIRUST_BAR: '2',
      MAIRUST_TEST_DATABASE_URL: 'x',
      MAIRUST_TEST_A__B: 'y',
    })
    expect(warnings).toEqual(['ignored, because no setting has this name: MAIRUST_BAR, MAIRUST_FOO'])
  })

  it.each([
    ['MAIRUST_WEB_PORT', 'MAIRUST_WEB__PORT'],
    ['MAIRUST_SMTP_INBOUND_PORT', 'MAIRUST_SMTP__INBOUND__PORT'],
    ['MAIRUST_WEB_PROT', 'MAIRUST_WEB__PORT'],
    ['MAIRUST_DATA_DIR', 'MAIRUST_SERVER__DATA_DIR'],
    ['MAIRUST_PORT', null],
  ])('are ignored with a suggestion: %s, %s', (name, meant) => {
    const guess = meant === null ? name : `${name} (did you mean ${meant}?)`
    expect(load({ [name]: '1' }).warnings).toEqual([`ignored, because no setting has this name: ${guess}`])
  })
})
