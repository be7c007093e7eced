import { describe, expect, it } from 'vitest'
import { loadConfig } from './load.ts'

const load = (env: Record<string, string>) => () => loadConfig({ env, cwd: '/' })

describe('two listeners on one port', () => {
  it.each([
    [{ MAIRUST_SMTP__SUBMISSION__PORT: '2525' }, 'smtp.submission.port: is 2525, as is smtp.inbound.port'],
    [{ MAIRUST_OPS__PORT: '8080' }, 'ops.port: is 8080, as is web.port; each needs a port of its own'],
    [{ MAIRUST_WEB__HOST: '127.0.0.1', MAIRUST_WEB__PORT: '9464' }, 'ops.port: is 9464, as is web.port'],
  ])('are found before a start: %o', (env, message) => {
    expect(load(env)).toThrow(message)
  })

  it.each([
    { MAIRUST_SMTP__SUBMISSION__PORT: '0', MAIRUST_SMTP__INBOUND__PORT: '0' },
    { MAIRUST_SMTP__SUBMISSION__PORT: '2525', MAIRUST_SMTP__INBOUND__ENABLED: 'false' },
    { MAIRUST_SMTP__SUBMISSION__PORT: '2525', MAIRUST_ROLES: 'mx' },
    { MAIRUST_WEB__HOST: '192.0.2.1', MAIRUST_WEB__PORT: '9464' },
  ])('are fine when only one is opened, or at another address: %o', (env) => {
    expect(load(env)).not.toThrow()
  })
})
