import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from './child.ts'
import { childrenOf, isAlive, makePackaged, type Packaged } from './packaged.ts'

/** Acts as the file in its argument says; each line scripts one life: what to print, and how to exit. */
const PROGRAM = `
import { readFileSync, writeFileSync } from 'node:fs'
const file = process.argv[3]
const [life = '{}', ...rest] = readFileSync(file, 'utf8').split('\\n')
writeFileSync(file, rest.join('\\n'))
const { ready, words, exit, kill, final, silent } = JSON.parse(life)
process.on('message', (message) => console.log(JSON.stringify(message)))
if (!silent) for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => {
  console.log(signal)
  if (signal === 'SIGTERM') process.exit(0)
})
process.on('disconnect', () => process.exit(0))
if (ready) process.send({ type: 'ready' })
if (final) process.send({ type: 'final' })
if (words) process.stderr.write(words)
console.log('pid ' + process.pid)
setInterval(() => undefined, 1000)
setTimeout(() => {
  if (kill) process.kill(process.pid, kill)
  if (exit !== undefined) process.exit(exit)
}, 50)
`
interface Life {
  ready?: boolean
  words?: string
  exit?: number
  kill?: NodeJS.Signals
  final?: boolean
  silent?: boolean
}

let packaged: Packaged
beforeAll(() => {
  packaged = makePackaged(PROGRAM)
})
afterAll(() => packaged.remove())

/** Writes a file that scripts each life of the server. */
function script(...lives: Life[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'mairust-lives-')), 'lives')
  writeFileSync(file, lives.map((life) => JSON.stringify(life)).join('\n'))
  return file
}
const start = (...lives: Life[]): ChildProcess => packaged.start('bin/mairust', ['start', script(...lives)])
/** Resolves with the first line that matches. */
function line(child: ChildProcess, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('no pipe')
    createInterface({ input: child.stdout }).on('line', (text) => {
      if (wanted.test(text)) resolve(text)
    })
    child.once('exit', () => reject(new Error(`ended without ${wanted.source}`)))
  })
}
describe('a server that exits unexpectedly', () => {
  it.each([
    ['a crash in native code', { kill: 'SIGSEGV' }, { code: null, signal: 'SIGSEGV' }],
    ['an unexpected error', { exit: 1 }, { code: 1, signal: null }],
  ] as const)('is restarted after %s, and the next one gets its last output', async (_, how, told) => {
    const { status, out, err } = await outcome(
      start({ ready: true, words: 'FATAL ERROR: out of memory\n', ...how }, { ready: true, exit: 0 }),
    )
    expect(status).toBe(0)
    expect(err).toContain('FATAL ERROR: out of memory\n')
    expect(err).toMatch(/mairust: the server exited unexpectedly \(.*\); restarting in 0\.5 s/)
    const predecessor = JSON.parse(out.split('\n').find((text) => text.startsWith('{')) ?? '{}') as object
    expect(predecessor).toEqual({
      type: 'predecessor',
      ...told,
      restarts: 1,
      words: 'FATAL ERROR: out of memory\n',
    })
  })

  it('is restarted after a crash even if it was never ready', async () => {
    expect((await outcome(start({ kill: 'SIGABRT' }, { exit: 0 }))).status).toBe(0)
  })

  it('is restarted again when a restart fails', async () => {
    const { status, err } = await outcome(
      start({ ready: true, kill: 'SIGKILL' }, { exit: 1 }, { ready: true, exit: 0 }),
    )
    expect(status).toBe(0)
    expect(err.match(/restarting in/g)).toHaveLength(2)
  })
})

describe('a server that is not restarted', () => {
  it('keeps its exit status when it could not start', async () => {
    const { status, err } = await outcome(start({ exit: 4 }))
    expect([status, err]).toEqual([4, ''])
  })

  it('has reported a final error', async () => {
    expect((await outcome(start({ ready: true, kill: 'SIGKILL' }, { final: true, exit: 1 }))).status).toBe(1)
  })

  it('was stopped while its restart was pending', async () => {
    const child = start({ ready: true, kill: 'SIGKILL' }, { ready: true })
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('restarting in')) child.kill('SIGTERM')
    })
    expect((await outcome(child)).status).toBe(0)
  })
})

describe('a signal at the wrong moment', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s before the server handles it ends it with 0', async (signal) => {
    const child = start({ silent: true })
    void line(child, /^pid/).then(() => child.kill(signal))
    expect((await outcome(child)).status).toBe(0)
  })

  it('SIGHUP before the server is ready does not end it', async () => {
    const child = start({ silent: true, exit: 0 })
    void line(child, /^pid/).then(() => child.kill('SIGHUP'))
    expect((await outcome(child)).status).toBe(0)
  })
})

describe('a supervisor that is gone', () => {
  it('leaves no server behind', async () => {
    const child = start({ ready: true })
    const pid = Number((await line(child, /^pid/)).slice(4))
    child.kill('SIGKILL')
    await expect.poll(() => isAlive(pid)).toBe(false)
  })

  it.each(['SIGHUP', 'SIGKILL'] as const)(
    'because npm got %s, which it does not pass on, ends the server too',
    async (signal) => {
      // Plays npm: it runs our script and dies silently.
      const npm = `
      const { spawn } = await import('node:child_process')
      spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit', env: { ...process.env, npm_lifecycle_event: 'start' } })
      setInterval(() => undefined, 1000)`
      const wrapper = join(packaged.folder, 'scripts/bootstrap.mjs')
      const child = spawn(
        process.execPath,
        ['--input-type=module', '-e', npm, wrapper, 'start', script({ ready: true })],
        {
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      )
      const server = Number((await line(child, /^pid/)).slice(4))
      const [supervisor = 0] = childrenOf(child.pid ?? 0)
      child.kill(signal)
      await expect.poll(() => [isAlive(supervisor), isAlive(server)]).toEqual([false, false])
    },
  )
})
