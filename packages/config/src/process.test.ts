import { afterEach, expect, it, vi } from 'vitest'
import { childEnvironment, forgetBootstrapAdmin, takeEnvironment } from './process.ts'

afterEach(() => vi.unstubAllEnvs())

it('removes passwords and keys from the environment, so that children do not inherit them', () => {
  vi.stubEnv('MAIRUST_ADMIN_PASSWORD', 'a password of the first start')
  vi.stubEnv('MAIRUST_MASTER_KEY', 'key')
  vi.stubEnv('DATABASE_URL', 'postgres://u:p@h/d')
  vi.stubEnv('S3_SECRET_KEY', 'secret')
  const taken = takeEnvironment()
  expect(taken).toMatchObject({
    MAIRUST_MASTER_KEY: 'key',
    DATABASE_URL: 'postgres://u:p@h/d',
    S3_SECRET_KEY: 'secret',
  })
  for (const name of ['MAIRUST_ADMIN_PASSWORD', 'MAIRUST_MASTER_KEY', 'DATABASE_URL', 'S3_SECRET_KEY'])
    expect(process.env[name]).toBeUndefined()
  expect(process.env['PATH']).toBe(taken['PATH'])
  forgetBootstrapAdmin(taken)
  expect(taken['MAIRUST_ADMIN_PASSWORD']).toBeUndefined()
})

it('passes children only what they need to run', () => {
  const needed = { PATH: '/bin', HOME: '/h', LC_ALL: 'C', NODE_EXTRA_CA_CERTS: '/ca', PGSSLMODE: 'require' }
  const kept = { MAIRUST_MASTER_KEY: 'k', DATABASE_URL: 'u', NODE_CHANNEL_FD: '3', GITHUB_TOKEN: 't', MY_PATH: 'x' }
  expect(childEnvironment({ ...needed, ...kept })).toEqual(needed)
})
