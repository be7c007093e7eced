import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startWebChild } from './web-child.ts'

const CHILD = `
process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))
let level = ''
process.on('message', (message) => {
  if (message.type === 'log-level') level = message.level
  if (message.type === 'metrics') process.send({ type: 'metrics', id: message.id, text: level + process.pid })
})
process.send({ type: 'ready', port: Number(process.argv[process.argv.indexOf('--port') + 1]) + 1 })
`
const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mairust-web-'))
  await writeFile(join(folder, 'good.mjs'), CHILD)
  await writeFile(join(folder, 'bad.mjs'), 'process.exit(3)')
  await writeFile(join(folder, 'silent.mjs'), CHILD.replace("process.send({ type: 'metrics'", 'void ({'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const start = (entry: string) => startWebChild({ host: '127.0.0.1', port: 8080, log, entry: join(folder, entry) })

describe('the web process', () => {
  it('is started again when it is killed', async () => {
    const web = start('good.mjs')
    expect(web.ready).toBe(false)
    expect(await web.metrics()).toBe('')
    expect(await web.started).toBe(8081)
    const first = Number(await web.metrics())
    process.kill(first, 'SIGKILL')
    await expect.poll(() => web.ready).toBe(false)
    await expect.poll(() => web.ready, { timeout: 10_000 }).toBe(true)
    const second = Number(await web.metrics())
    expect(second).not.toBe(first)
    await web.stop()
    expect(web.ready).toBe(false)
    expect(() => process.kill(second, 0)).toThrow()
  })

  it('is told of the log level, and so is the one that comes after it', async () => {
    const web = start('good.mjs')
    await web.started
    web.setLogLevel('debug')
    const first = await web.metrics()
    expect(first).toMatch(/^debug\d+$/)
    process.kill(Number(first.slice(5)), 'SIGKILL')
    await expect.poll(() => web.ready).toBe(false)
    await expect.poll(() => web.ready, { timeout: 10_000 }).toBe(true)
    expect(await web.metrics()).toMatch(/^debug\d+$/)
    await web.stop()
  })

  it('that ends by itself before it listens is told to whoever waits', async () => {
    const web = start('bad.mjs')
    await expect(web.started).rejects.toThrow(/exit code 3/)
    await web.stop()
  })
})
