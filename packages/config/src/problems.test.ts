import { describe, expect, it } from 'vitest'
import { emptyFolder } from './testing/folder.ts'

const { failure, path } = emptyFolder()

describe('a configuration problem', () => {
  const place = (line: number): string => `${path('config.yaml')}:${line}`

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
    ['server: { data_dir: ~/mail }', 1, 'server.data_dir: must be a whole path: only a shell knows what ~ is'],
    ['server: { data_dir: "" }', 1, 'server.data_dir: must not be empty'],
    [
      'server: { public_url: "ftp://x" }',
      1,
      'server.public_url: must be a URL that starts with http:// or https://, but the value is not',
    ],
    ['tls: { cert_path: x }', 1, 'tls: tls.cert_path and tls.key_path belong together: set both or neither'],
    ['spam: { rspamd: { password: 5 } }', 1, 'spam.rspamd.password: must be a string, but the value is not'],
    ['outbound: { routes: [{ match: x }] }', 1, 'outbound.routes[0].host: must be a string, and is not set'],
    ['smtp: 5', 1, 'smtp: must be a section of settings, but is 5'],
  ])('in %j is reported with file, line and remedy', (yaml, line, message) => {
    expect(failure({}, yaml)).toBe(`${place(line)}: ${message}`)
  })

  it('names an unknown variable and the nearest one', () => {
    expect(failure({ MAIRUST_SMTP__INBUOND__PORT: '1' })).toBe(
      'MAIRUST_SMTP__INBUOND__PORT: smtp.inbuond.port: is not a setting; the nearest is smtp.inbound.port (MAIRUST_SMTP__INBOUND__PORT)',
    )
  })

  it('names the variable whose value is wrong', () => {
    expect(failure({ MAIRUST_OPS__PORT: 'x' })).toMatch(/^MAIRUST_OPS__PORT: ops.port: must be a whole number/)
    expect(failure({ LOG_LEVEL: 'loud' })).toMatch(/^LOG_LEVEL: logging.level: must be one of trace/)
    expect(failure({ MAIRUST_OPS: 'x' })).toMatch(/^MAIRUST_OPS: ops: must be a section of settings/)
  })

  it('is reported together with all others', () => {
    expect(failure({ MAIRUST_OPS__PORT: 'x' }, 'smpt: 1\nweb: { port: -1 }').split('\n')).toHaveLength(3)
  })

  it('names the line of broken YAML, and a file that cannot be read', () => {
    expect(failure({}, 'smtp:\n  port: [1\nweb: {}')).toMatch(/config\.yaml:\d: /)
    expect(failure({}, 'web: {}\nweb: {}')).toContain(`${place(2)}: Map keys must be unique`)
    expect(failure({}, '- a')).toContain('must be a mapping of sections')
    expect(failure({ MAIRUST_CONFIG: 'none.yaml' })).toBe(`${path('none.yaml')}: the file does not exist`)
    expect(failure({ MAIRUST_CONFIG: '.' })).toContain('the file cannot be read (EISDIR)')
  })
})
