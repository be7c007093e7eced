import { mkdtempSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, loadConfig } from '@mairust/config'
import { createLog } from '@mairust/log'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startWebChild, type WebChild } from './web-child.ts'

/** Answers metrics requests with its pid, configuration and environment. */
const CHILD = `
process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))
let config
process.on('message', (message) => {
  if (message.type === 'metrics') process.send({ type: 'metrics', id: message.id, samples: [{ pid: process.pid, config, env: process.env }] })
  if (message.type !== 'config') return
  if (config === undefined) process.send({ type: 'ready', port: message.config.web.port + 1 })
  config = message.config
})
`
const TAKEN = `process.send({ type: 'failed', code: 'EADDRINUSE' }, () => process.exit(1))`
const PRINTING = `${CHILD}
console.log('\\u001b[2J a line')
console.error('TypeError: \\u202e')
`
const FORGED = { timestamp: 'T', level: 'warn', component: 'auth', message: 'Login failed' }
const FORGING = `${CHILD}
console.error(${JSON.stringify(JSON.stringify(FORGED))})
console.log(${JSON.stringify(JSON.stringify({ ...FORGED, component: 'api' }))})
`
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mairust-web-'))
  await writeFile(join(folder, 'good.mjs'), CHILD)
  await writeFile(join(folder, 'bad.mjs'), 'process.exit(3)')
  await writeFile(join(folder, 'taken.mjs'), TAKEN)
  await writeFile(join(folder, 'printing.mjs'), PRINTING)
  await writeFile(join(folder, 'forging.mjs'), FORGING)
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => vi.unstubAllEnvs())

const KEY = Buffer.alloc(32, 7)

const parsed = (lines: string) =>
  lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object)

/** Starts the given program as the web process, and collects the log. */
function start(entry: string, options: { ending?: AbortSignal } = {}) {
  let { config }: { config: Config } = loadConfig({ env: { MAIRUST_WEB__PORT: '8080' }, cwd: folder })
  const path = join(mkdtempSync(join(tmpdir(), 'mairust-log-')), 'lines')
  const log = createLog({ level: 'debug', format: 'json', component: 'mta', sync: true, fd: openSync(path, 'w') })
  const web = startWebChild({ config: () => config, masterKey: KEY, log, entry: join(folder, entry), ...options })
  return {
    web,
    lines: () => readFileSync(path, 'utf8'),
    change: (next: Config) => (config = next),
    config: () => config,
  }
}
const told = async (web: WebChild) =>
  (await web.metrics())[0] as unknown as { pid: number; config: Config; env: NodeJS.ProcessEnv }

describe('the web process', () => {
  it('is restarted when it is killed', async () => {
    const { web } = start('good.mjs')
    expect(web.ready).toBe(false)
    expect(await web.metrics()).toEqual([])
    expect(await web.started).toBe(8081)
    const first = (await told(web)).pid
    process.kill(first, 'SIGKILL')
    await expect.poll(() => web.ready).toBe(false)
    await expect.poll(() => web.ready).toBe(true)
    const second = (await told(web)).pid
    expect(second).not.toBe(first)
    await web.stop()
    expect(web.ready).toBe(false)
    expect(() => process.kill(second, 0)).toThrow()
  })

  it('receives a changed configuration, and so does its successor', async () => {
    const { web, change, config } = start('good.mjs')
    await web.started
    change({ ...config(), logging: { level: 'debug', format: 'text' } })
    web.reload()
    await expect.poll(async () => (await told(web)).config.logging).toEqual({ level: 'debug', format: 'json' })
    process.kill((await told(web)).pid, 'SIGKILL')
    await expect.poll(() => web.ready).toBe(false)
    await expect.poll(() => web.ready).toBe(true)
    expect((await told(web)).config.logging.level).toBe('debug')
    await web.stop()
  })

  it('finds no password and no key in its environment', async () => {
    vi.stubEnv('MAIRUST_ADMIN_PASSWORD', 'correct horse battery')
    vi.stubEnv('MAIRUST_MASTER_KEY', KEY.toString('base64'))
    vi.stubEnv('DATABASE_URL', 'postgres://user:password@host/name')
    vi.stubEnv('SOME_TOKEN', 'secret')
    const { web } = start('good.mjs')
    await web.started
    const { env, config } = await told(web)
    expect(Object.keys(env).filter((name) => /MAIRUST|DATABASE|TOKEN/.test(name))).toEqual([])
    expect(env['PATH']).toBe(process.env['PATH'])
    expect(config.security.master_key).toBe(KEY.toString('base64'))
    await web.stop()
  })

  it('has its output logged without terminal escapes', async () => {
    const { web, lines } = start('printing.mjs')
    await web.started
    await web.stop()
    const messages = parsed(lines())
    expect(messages).toContainEqual(expect.objectContaining({ component: 'web', message: '\u001b[2J a line' }))
    expect(messages).toContainEqual(expect.objectContaining({ component: 'web', message: 'TypeError: \u202e' }))
    for (const character of ['\u001b', '\u202e']) expect(lines()).not.toContain(character)
  })

  it('cannot forge log lines with the errors it prints', async () => {
    const { web, lines } = start('forging.mjs')
    await web.started
    await web.stop()
    const entries = parsed(lines())
    expect(entries).toContainEqual({ ...FORGED, component: 'api' })
    expect(entries).not.toContainEqual(FORGED)
    expect(entries).toContainEqual(
      expect.objectContaining({ component: 'web', level: 'warn', message: JSON.stringify(FORGED) }),
    )
  })

  it('fails the start when it exits before it listens', async () => {
    const { web } = start('bad.mjs')
    await expect(web.started).rejects.toThrow(/exit code 3/)
    await web.stop()
  })

  it('names the setting when its port is in use', async () => {
    const { web } = start('taken.mjs')
    await expect(web.started).rejects.toThrow(
      'Port 8080 on 0.0.0.0 is in use by another program; stop it or set web.port',
    )
    await web.stop()
  })

  it('is not restarted during shutdown', async () => {
    const ending = new AbortController()
    const { web, lines } = start('good.mjs', { ending: ending.signal })
    await web.started
    ending.abort()
    process.kill((await told(web)).pid, 'SIGTERM')
    await expect.poll(() => web.ready).toBe(false)
    expect(lines()).not.toContain('restarted')
    await web.stop()
  })
})
