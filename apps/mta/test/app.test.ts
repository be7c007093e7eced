import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig, readReloadResult } from '@mairust/config'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runServer } from '../src/index.ts'
import { listenPatiently, PortError } from '../src/listen.ts'
import { RawClient } from './support/client.ts'
import { serverEnvironment, startProcess } from './support/process.ts'
import { makeMessage, plain } from './support/server.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mairust-app-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs a server here until `use` is done. */
async function running(env: Record<string, string>, use: (says: Map<string, string>) => Promise<void>): Promise<void> {
  const { config, bootstrapAdmin } = loadConfig({ env, cwd: folder })
  const end = new AbortController()
  const ready = Promise.withResolvers<readonly string[]>()
  const server = runServer({
    config,
    bootstrapAdmin,
    signal: end.signal,
    onReady: ready.resolve,
    reload: () => loadConfig({ env, cwd: folder }).config,
  })
  server.catch(ready.reject)
  const lines = await ready.promise
  try {
    await use(new Map(lines.map((line) => [line.split(' ', 1)[0] ?? '', line.split(' ').slice(1).join(' ')])))
  } finally {
    end.abort()
    await server
  }
}
const portOf = (says: Map<string, string>, name: string): number => Number((says.get(name) ?? '').split(':').at(-1))
const get = async (says: Map<string, string>, path: string) => {
  const response = await fetch(`http://${says.get('ops') ?? ''}${path}`)
  return { status: response.status, body: await response.text() }
}

describe('the server', () => {
  it('says where it listens, with a new setup link at each start while there is no administrator', async () => {
    const env = serverEnvironment(join(folder, 'fresh'), { MAIRUST_LOGGING__LEVEL: 'silent' })
    delete env['MAIRUST_ADMIN_EMAIL']
    delete env['MAIRUST_ADMIN_PASSWORD']
    const links: string[] = []
    for (let start = 0; start < 2; start += 1) {
      await running(env, (says) => {
        expect([...says.keys()]).toEqual(['MaiRust', 'smtp', 'submission', 'submissions', 'ops', 'setup'])
        expect(says.get('smtp')).toMatch(/^127\.0\.0\.1:\d+$/)
        expect(says.get('setup')).toMatch(/^http:\/\/localhost:\d+\/setup\?token=[\w-]{43}$/)
        links.push(says.get('setup') ?? '')
        return Promise.resolve()
      })
    }
    expect(links[0]).not.toBe(links[1])
  })

  it('accepts mail for the administrator from the environment, who can log in', async () => {
    const env = serverEnvironment(join(folder, 'first'), { MAIRUST_LOGGING__LEVEL: 'silent' })
    await running(env, async (says) => {
      expect(says.has('setup')).toBe(false)
      const client = await RawClient.open(portOf(says, 'smtp'))
      expect(await client.send('admin@local.example', makeMessage())).toMatch(/^250 /)
      client.destroy()
      const user = await RawClient.open(portOf(says, 'submissions'), { tls: true })
      await user.command('EHLO x')
      expect(await user.command(`AUTH PLAIN ${plain('admin@local.example', 'correct horse battery')}`)).toMatch(/^235 /)
      user.destroy()

      expect(await get(says, '/health/live')).toMatchObject({ status: 200 })
      const readiness = await get(says, '/health/ready')
      expect(readiness.status).toBe(200)
      expect(JSON.parse(readiness.body)).toEqual({
        status: 'ok',
        checks: { database: 'ok', storage: 'ok', inbound: 'ok', submission: 'ok', submissions: 'ok', disk: 'ok' },
      })
      const { body } = await get(says, '/metrics')
      expect(body).toContain('mairust_smtp_messages_total{listener="inbound",result="accepted"} 1')
      expect(body).toMatch(/^mairust_storage_bytes [1-9]\d*$/m)
      expect(body).toMatch(/^mairust_tls_certificate_expiry_seconds \d{8,}$/m)
      expect(body).toMatch(/^process_resident_memory_bytes \d+$/m)
      expect(body).not.toContain('local.example')
      expect((await get(says, '/nothing')).status).toBe(404)
      expect(await readFile(join(folder, 'first', 'data', 'mairust.pid'), 'utf8')).toBe(`${process.pid}\n`)
    })
    await expect(access(join(folder, 'first', 'data', 'mairust.pid'))).rejects.toThrow()
  })

  it('reloads limits and certificate on SIGHUP, and keeps the old ones when the new ones are wrong', async () => {
    const env = serverEnvironment(join(folder, 'reload'), { MAIRUST_LOGGING__LEVEL: 'silent' })
    await running(env, async (says) => {
      const sizeOffered = async (): Promise<string> => {
        const client = await RawClient.open(portOf(says, 'smtp'))
        const features = await client.command('EHLO x')
        client.destroy()
        return /SIZE \d+/.exec(features)?.[0] ?? ''
      }
      expect(await sizeOffered()).toBe('SIZE 52428800')
      env['MAIRUST_SMTP__MAX_MESSAGE_SIZE_MB'] = '3'
      process.emit('SIGHUP')
      await expect.poll(sizeOffered).toBe('SIZE 3145728')
      env['MAIRUST_TLS__CERT_PATH'] = '/nowhere.crt'
      env['MAIRUST_TLS__KEY_PATH'] = '/nowhere.key'
      env['MAIRUST_SMTP__MAX_MESSAGE_SIZE_MB'] = '4'
      const data = join(folder, 'reload', 'data')
      expect(readReloadResult(data)).toMatchObject({ error: null, changed: ['smtp.max_message_size_mb'], waiting: [] })
      process.emit('SIGHUP')
      await expect
        .poll(() => readReloadResult(data)?.error)
        .toBe('/nowhere.crt: tls.cert_path: the file does not exist')
      expect(await sizeOffered()).toBe('SIZE 3145728')
      delete env['MAIRUST_TLS__CERT_PATH']
      delete env['MAIRUST_TLS__KEY_PATH']
      env['MAIRUST_OPS__PORT'] = '1'
      process.emit('SIGHUP')
      await expect.poll(() => readReloadResult(data)?.waiting).toEqual(['ops.port'])
      expect(await sizeOffered()).toBe('SIZE 4194304')
      expect((await get(says, '/health/ready')).status).toBe(200)
    })
  })

  it('opens only the ports of its roles', async () => {
    const env = serverEnvironment(join(folder, 'roles'), { MAIRUST_LOGGING__LEVEL: 'silent', MAIRUST_ROLES: 'mx' })
    await running(env, (says) => {
      expect([...says.keys()]).toEqual(['MaiRust', 'smtp', 'ops'])
      return Promise.resolve()
    })
  })

  it('closes what it has opened when it cannot start', async () => {
    const env = serverEnvironment(join(folder, 'broken'), {
      MAIRUST_LOGGING__LEVEL: 'silent',
      MAIRUST_TLS__CERT_PATH: '/no',
      MAIRUST_TLS__KEY_PATH: '/no',
    })
    await expect(running(env, () => Promise.resolve())).rejects.toThrow('/no: tls.cert_path: the file does not exist')
  })
})

describe('a port in use', () => {
  it('is retried, then named with its setting', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as AddressInfo
    const attempt = (patience: number) =>
      listenPatiently({ setting: 'ops.port', host: '127.0.0.1', port, patience }, () => {
        return new Promise<string>((resolve, reject) => {
          const server = createServer()
          server.once('error', reject)
          server.listen(port, '127.0.0.1', () => server.close(() => resolve('listened')))
        })
      })
    await expect(attempt(0)).rejects.toThrow(PortError)
    await expect(attempt(0)).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use by another program; stop it or set ops.port`,
    )
    const patient = attempt(10_000)
    holder.close()
    expect(await patient).toBe('listened')
  })
})

describe('SIGTERM', () => {
  it('finishes the message in progress, sends 421 to others, and exits 0', async () => {
    const home = join(folder, 'term')
    const server = await startProcess(serverEnvironment(home), folder)
    const busy = await RawClient.open(server.port('smtp'))
    expect(await busy.upToData('admin@local.example')).toMatch(/^354/)
    await busy.write('Subject: under way\r\n\r\n')
    const idle = await RawClient.open(server.port('smtp'))
    server.child.kill('SIGTERM')
    expect(await idle.reply()).toMatch(/^421 4\.3\.2 /)
    const late = await RawClient.open(server.port('smtp'), { greeting: false })
    expect(await late.reply()).toMatch(/^421 4\.3\.2 /)
    expect(await busy.command('done\r\n.')).toMatch(/^250 /)
    expect(await busy.command('NOOP')).toMatch(/^421 /)
    expect(await server.ended).toBe(0)
    await writeFile(join(home, 'done'), '')
  })
})
