import { chmod, mkdir, mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@mairust/config'
import { folderHolder } from '@mairust/db'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runServer, type RunOptions } from '../src/index.ts'
import { RawClient } from './support/client.ts'
import { serverEnvironment, startProcess } from './support/process.ts'
import { makeMessage } from './support/server.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mairust-start-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs a server in this process. */
function run(name: string, env: Record<string, string> = {}, options: Partial<RunOptions> = {}) {
  const all = serverEnvironment(join(folder, name), { MAIRUST_LOGGING__LEVEL: 'silent', ...env })
  return runServer({ ...loadConfig({ env: all, cwd: folder }), onReady: () => undefined, ...options })
}

describe('a start that is aborted', () => {
  it('before anything began prints nothing', async () => {
    const onReady = vi.fn()
    await run('early', {}, { signal: AbortSignal.abort(), onReady })
    expect(onReady).not.toHaveBeenCalled()
  })

  it('while it waits for a port prints nothing, and ends cleanly', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as AddressInfo
    const ending = new AbortController()
    const onReady = vi.fn()
    const server = run('port', { MAIRUST_OPS__PORT: String(port) }, { signal: ending.signal, onReady })
    await expect.poll(() => readdir(join(folder, 'port/data')).catch(() => [])).toContain('tls')
    ending.abort()
    await server
    expect(onReady).not.toHaveBeenCalled()
    expect(folderHolder(join(folder, 'port/data'))).toBeNull()
    holder.close()
  })
})

describe('a second server on a data folder', () => {
  it('waits for the first, then fails without touching its files', async () => {
    const env = serverEnvironment(join(folder, 'two'), { MAIRUST_LOGGING__LEVEL: 'info' })
    const first = await startProcess(env, folder)
    const second = startProcess(env, folder)
    second.catch(() => undefined)
    const ended = await second.then(
      () => 'both run',
      (error: unknown) => String(error),
    )
    expect(ended).toContain('ended with 1')
    expect(ended).toContain(`Another MaiRust server (process ${first.child.pid ?? 0} on `)
    expect(ended).toContain(`runs in ${join(folder, 'two/data')}; end it first, or set server.data_dir`)
    expect(ended).toContain('Waiting for the server that still uses')
    expect(await readdir(join(folder, 'two/data'))).toContain('mairust.pid')
    first.child.kill('SIGKILL')
    await first.ended
    const third = await startProcess(env, folder)
    third.child.kill('SIGTERM')
    expect(await third.ended).toBe(0)
  })
})

describe('a server whose volume is not mounted', () => {
  it('refuses to start on an empty message store under a database with messages', async () => {
    const env = serverEnvironment(join(folder, 'unmounted'))
    const mail = join(folder, 'unmounted/data/mail')
    const first = await startProcess(env, folder)
    const client = await RawClient.open(first.port('smtp'))
    expect(await client.send('admin@local.example', makeMessage())).toMatch(/^250 /)
    client.destroy()
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)

    await rename(mail, `${mail}.away`)
    for (let starts = 0; starts < 2; starts += 1)
      await expect(run('unmounted')).rejects.toThrow(
        `${mail} is empty, but the database has messages; mount its volume`,
      )
    await mkdir(join(mail, 'tmp'))
    const without = await startProcess(env, folder)
    without.child.kill('SIGTERM')
    expect(await without.ended).toBe(0)
  })

  it('defers all mail while it has no domain', async () => {
    const env = serverEnvironment(join(folder, 'nobody'), { MAIRUST_LOGGING__LEVEL: 'info' })
    delete env['MAIRUST_ADMIN_EMAIL']
    delete env['MAIRUST_ADMIN_PASSWORD']
    const server = await startProcess(env, folder)
    const client = await RawClient.open(server.port('smtp'))
    expect(await client.send('admin@local.example', makeMessage())).toMatch(/^451 4\.3\.5 .*\(jrn_/)
    client.destroy()
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    // On a large database it takes long, and whoever waits reads the log.
    expect(server.log[0]).toMatch(/"migrations":\["0000_initial".*"message":"Migrating the database"/)
  })
})

describe('a certificate for another name', () => {
  it('is used, with a warning in the log at a start and at a reload', async () => {
    const env = serverEnvironment(join(folder, 'named'))
    const first = await startProcess(env, folder)
    first.child.kill('SIGTERM')
    await first.ended
    const tls = join(folder, 'named/data/tls/self-signed')
    const settings = { MAIRUST_TLS__CERT_PATH: `${tls}.crt`, MAIRUST_TLS__KEY_PATH: `${tls}.key` }
    const server = await startProcess({ ...env, ...settings, MAIRUST_SERVER__HOSTNAME: 'mx.other.example' }, folder)
    const warnings = () => server.log.filter((line) => line.includes('"The certificate has a problem"'))
    await expect.poll(warnings).toHaveLength(1)
    expect(warnings()[0]).toContain('is not for server.hostname, mx.other.example, but for DNS:mx.test.example')
    server.child.kill('SIGHUP')
    await expect.poll(warnings).toHaveLength(2)
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  })
})

describe('the files of a server', () => {
  it('are closed to other users, even those that existed before', async () => {
    const data = join(folder, 'loose/data')
    await mkdir(join(data, 'mail/2026'), { recursive: true })
    await writeFile(join(data, 'mail/2026/old'), 'x')
    await chmod(data, 0o755)
    const env = serverEnvironment(join(folder, 'loose'))
    for (let starts = 0; starts < 2; starts += 1) {
      const server = await startProcess(env, folder)
      server.child.kill('SIGTERM')
      expect(await server.ended).toBe(0)
    }
    const names = await readdir(data, { recursive: true })
    expect(names).toEqual(expect.arrayContaining(['mairust.db', 'master.key', 'mairust.lock', 'mail/2026/old']))
    for (const name of names) expect([name, (await stat(join(data, name))).mode & 0o077]).toEqual([name, 0])
  })
})

describe('a server whose log is on a full disk', () => {
  it('speaks SMTP all the same, and ends when asked', async () => {
    const full = await open('/dev/full', 'w')
    const env = serverEnvironment(join(folder, 'full'), { MAIRUST_LOGGING__LEVEL: 'debug' })
    const server = await startProcess(env, folder, undefined, full.fd)
    for (let count = 0; count < 3; count += 1) {
      const client = await RawClient.open(server.port('smtp'))
      expect(await client.command('EHLO x')).toMatch(/^250/)
      expect(await client.command('MAIL FROM:<a@b.example> SIZE=99999999999')).toMatch(/^552 /)
      expect(await client.command('QUIT')).toMatch(/^221 /)
    }
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    await full.close()
  })
})
