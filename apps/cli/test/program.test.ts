import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from './child.ts'
import { type Cli, makeCli } from './cli.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')

let cli: Cli
beforeAll(() => {
  cli = makeCli()
})
afterAll(() => cli.remove())

/** Starts the real program. */
function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    cwd: cli.folder,
    env: { PATH: process.env['PATH'], ...cli.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Collects stderr and resolves once it matches. */
function said(child: ChildProcess, what: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      all += chunk.toString()
      if (what.test(all)) resolve(all)
    })
    child.once('exit', () => reject(new Error(`ended: ${all}`)))
  })
}

/** Sends each line after the reply to the previous one; returns the last reply. */
async function smtp(port: number, lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let reply = ''
  for (const line of ['', ...lines]) {
    if (line !== '') socket.write(`${line}\r\n`)
    reply = ''
    do reply += String(((await once(socket, 'data')) as [Buffer])[0])
    while (!/^\d{3} .*\r\n$/m.test(reply))
  }
  socket.destroy()
  return reply
}

describe('the program', () => {
  it('uses the documented exit statuses, results on stdout and the rest on stderr', async () => {
    const usage = await outcome(start(['domain', 'add']))
    expect(usage).toMatchObject({ status: 2, out: '' })
    expect(usage.err).toContain("missing required argument 'name'")
    expect(await outcome(start(['no-such-verb']))).toMatchObject({ status: 2, out: '' })
    expect(await outcome(start([]))).toMatchObject({ status: 2, out: '' })
    expect((await cli.run(['migrate', 'up'])).status).toBe(0)
    expect(await outcome(start(['user', 'remove', 'nobody@example.com']))).toMatchObject({ status: 3, out: '' })
    expect(await cli.run(['--version'])).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    })
    const help = await outcome(start(['--help']))
    expect(help).toMatchObject({ status: 0, err: '' })
    expect(help.out).toContain('Usage: mairust')
  })

  it('checks the configuration', async () => {
    expect(await cli.run(['check', 'config'])).toEqual({
      status: 0,
      out: 'the configuration is valid (no file)\n',
      err: '',
    })
    const wrong = await outcome(start(['check', '--json'], { MAIRUST_WEB__PORT: 'x', MAIRUST_HELLO: '1' }))
    expect(wrong.status).toBe(4)
    expect(JSON.parse(wrong.out)).toMatchObject({
      data: { ok: false, problems: [{ source: 'MAIRUST_WEB__PORT', path: 'web.port' }] },
    })
    expect((await outcome(start(['check'], { MAIRUST_HELLO: '1' }))).err).toBe(
      'warning: ignored, because no setting has this name: MAIRUST_HELLO\n',
    )
    const later = await outcome(start(['check', '--json'], { MAIRUST_SPAM__RSPAMD__ENABLED: 'true' }))
    expect(later.err).toBe('warning: no effect yet: spam.rspamd.enabled\n')
    expect(JSON.parse(later.out)).toMatchObject({
      data: { ok: true, warnings: ['no effect yet: spam.rspamd.enabled'] },
    })
    const s3 = { MAIRUST_STORAGE__BACKEND: 's3', MAIRUST_STORAGE__OPTIONS__BUCKET: 'mail' }
    expect(await outcome(start(['check'], s3))).toMatchObject({
      status: 4,
      out: 'storage.backend: s3 is not available yet; use fs\n',
    })
    expect(await outcome(start(['migrate'], { MAIRUST_WEB__PORT: 'x' }))).toMatchObject({ status: 1, out: '' })
  })

  it('prints the configuration reference', async () => {
    const { out } = await cli.run(['config', 'reference'])
    expect(out).toContain('`smtp.inbound.port`')
    expect((await cli.json(['config', 'reference'])).data).toContainEqual(
      expect.objectContaining({
        setting: 'smtp.inbound.port',
        default: 2525,
        environment: ['MAIRUST_SMTP__INBOUND__PORT'],
      }),
    )
  })

  it('migrates, and shows the migration status', async () => {
    const fresh = makeCli()
    try {
      expect((await fresh.json(['migrate', 'up'])).data['applied']).toContain('0000_initial')
      expect(await fresh.run(['migrate'])).toMatchObject({ status: 0, out: 'nothing to do\n' })
      expect((await fresh.json(['migrate', 'status'])).data['pending']).toEqual([])
      expect((await fresh.run(['migrate', 'status'])).out).toMatch(/^0000_initial {2}\d{4}-/)
    } finally {
      fresh.remove()
    }
  })

  it('does not signal a server that is not running', async () => {
    expect(await cli.run(['reload'])).toMatchObject({
      status: 1,
      err: expect.stringContaining('no server runs on') as string,
    })
    mkdirSync(join(cli.folder, 'data'), { recursive: true })
    // Another program has the process id of a killed server: it must not get a signal.
    writeFileSync(join(cli.folder, 'data/mairust.pid'), `${process.pid}`)
    expect(await cli.run(['reload'])).toMatchObject({ status: 1, err: expect.stringContaining('no server') as string })
  })
})

describe('a running server', () => {
  it('accepts mail for an address that another process adds, reloads, drains and exits 0', async () => {
    const any = { ENABLED: 'true', HOST: '127.0.0.1', PORT: '0' }
    const listeners = ['SMTP__INBOUND', 'SMTP__SUBMISSION', 'SMTP__SUBMISSIONS'].flatMap((name) =>
      Object.entries(any).map(([key, value]) => [`MAIRUST_${name}__${key}`, value]),
    )
    const env = {
      ...Object.fromEntries(listeners),
      MAIRUST_OPS__PORT: '0',
      MAIRUST_ROLES: 'mx,submission',
    } as NodeJS.ProcessEnv
    const server = start(['start'], env)
    const end = outcome(server)
    const lines = await said(server, /\nops .*\n/)
    expect(lines).toContain('MaiRust is ready')
    const port = Number(/^smtp 127\.0\.0\.1:(\d+)$/m.exec(lines)?.[1])

    await cli.json(['domain', 'add', 'example.com', '--active'])
    await cli.json(['mailbox', 'add', 'ann@example.com'])
    const letter = [
      'EHLO x',
      'MAIL FROM:<a@example.org>',
      'RCPT TO:<ann@example.com>',
      'DATA',
      'Subject: hello\r\n\r\ntext\r\n.',
    ]
    await expect.poll(() => smtp(port, letter), { interval: 100 }).toMatch(/^250 2\.0\.0 Accepted jrn_/)
    const journey = /jrn_\w{26}/.exec(await smtp(port, letter))?.[0] ?? ''
    expect((await cli.json(['trace', journey])).data).toMatchObject({
      id: journey,
      status: 'accepted',
      to: ['ann@example.com'],
    })

    expect(await cli.run(['reload'])).toMatchObject({
      status: 0,
      err: expect.stringMatching(/^process \d+ has reloaded; changed: nothing, except perhaps/) as string,
    })
    cli.env['MAIRUST_TLS__CERT_PATH'] = '/nowhere.crt'
    cli.env['MAIRUST_TLS__KEY_PATH'] = '/nowhere.key'
    const wrong = { status: 1, err: '/nowhere.crt: tls.cert_path: the file does not exist\n' }
    expect(await cli.run(['reload'])).toMatchObject(wrong)
    expect((await cli.run(['check'])).status).toBe(4)
    delete cli.env['MAIRUST_TLS__CERT_PATH']
    delete cli.env['MAIRUST_TLS__KEY_PATH']
    server.kill('SIGTERM')
    const { status, out } = await end
    expect(status).toBe(0)
    for (const line of out.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('timestamp')
    expect(out).toContain('Configuration and certificates reloaded')
    expect(existsSync(join(cli.folder, 'data/mairust.pid'))).toBe(false)
  }, 90_000)
})
