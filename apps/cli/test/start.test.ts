import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { constants } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from './child.ts'
import { type Cli, makeCli, PASSWORD } from './cli.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')
const LISTENERS = ['SMTP__INBOUND', 'SMTP__SUBMISSION', 'SMTP__SUBMISSIONS', 'OPS']
const PORTS = Object.fromEntries(
  LISTENERS.flatMap((name) => [
    [`MAIRUST_${name}__HOST`, '127.0.0.1'],
    [`MAIRUST_${name}__PORT`, '0'],
  ]),
)

let cli: Cli
beforeAll(() => {
  cli = makeCli()
})
afterAll(() => cli.remove())

/** Starts the program as a server without the web role. */
const start = (env: Record<string, string> = {}): ChildProcess =>
  spawn(process.execPath, [MAIN, 'start'], {
    cwd: cli.folder,
    env: { PATH: process.env['PATH'], MAIRUST_ROLES: 'mx,submission', ...PORTS, ...cli.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** Whether a process has a handler for a signal. */
function catches(pid: number, signal: NodeJS.Signals): boolean {
  const mask = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
  return ((BigInt(`0x${mask}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n
}

describe('a start that fails', () => {
  it.each([
    [
      'a missing certificate',
      4,
      { MAIRUST_TLS__CERT_PATH: '/nowhere.crt', MAIRUST_TLS__KEY_PATH: '/nowhere.key' },
      '/nowhere.crt: tls.cert_path: the file does not exist\n',
    ],
    [
      'a database that does not answer',
      1,
      { DATABASE_URL: 'postgres://ann:secret@127.0.0.1:1/mail' },
      'PostgreSQL at 127.0.0.1:1 is not responding (ECONNREFUSED); start it, or correct the address in database.url (DATABASE_URL)\n',
    ],
    [
      'a data folder that cannot be created',
      1,
      { MAIRUST_SERVER__DATA_DIR: '/dev/null/data' },
      '/dev/null/data or one of its parents is not a folder; move that file away, or set server.data_dir to another folder\n',
    ],
    ['a wrong setting', 4, { MAIRUST_WEB__PORT: 'x' }, 'MAIRUST_WEB__PORT: web.port: must be a whole number'],
    [
      'storage that is not available yet',
      4,
      { STORAGE_BACKEND: 's3', S3_BUCKET: 'b', LOG_LEVEL: 'warn' },
      'warning: no effect yet: storage.options.bucket\nstorage.backend: s3 is not',
    ],
  ])('because of %s exits with %i (4: a restart is of no use) and says what to do', async (_, wanted, env, message) => {
    const { status, out, err } = await outcome(start(env))
    expect([status, out]).toEqual([wanted, ''])
    expect(err.startsWith(message), err).toBe(true)
    expect(err).not.toContain('    at ')
  })

  it('because a port stays in use names the port and its setting', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as AddressInfo
    const { status, err } = await outcome(start({ MAIRUST_SMTP__SUBMISSION__PORT: String(port) }))
    holder.close()
    expect(status).toBe(1)
    expect(err).toBe(
      `Port ${port} on 127.0.0.1 is in use by another program; stop it or set smtp.submission.port to a free port\n`,
    )
  })

  it('because the master key is lost says how to recover', async () => {
    const email = 'ann@example.com'
    expect((await cli.run(['admin', 'create', email, '--password-stdin'], PASSWORD)).status).toBe(0)
    const key = join(cli.folder, 'data/master.key')
    rmSync(key)
    const { status, err } = await outcome(start())
    expect(status).toBe(4)
    expect(err).toContain(`${key}: security.master_key: is missing, and the database was used with it`)
    expect(err).toContain('set MAIRUST_MASTER_KEY')
    writeFileSync(key, Buffer.alloc(32, 1).toString('base64'))
    expect((await outcome(start())).err).toContain('is not the key that the database was used with')
  })
})

describe('a start that is stopped', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('by %s exits with 0 and is never ready', async (signal) => {
    const child = start({ MAIRUST_LOGGING__LEVEL: 'debug', MAIRUST_SERVER__DATA_DIR: join(cli.folder, signal) })
    // Once it handles signals (SIGHUP is last), long before it is ready. Node itself catches the other two from the beginning.
    const end = outcome(child)
    await expect.poll(() => catches(child.pid ?? 0, 'SIGHUP'), { interval: 1, timeout: 20_000 }).toBe(true)
    child.kill(signal)
    const { status, err } = await end
    expect([status, err]).toEqual([0, ''])
  })
})
