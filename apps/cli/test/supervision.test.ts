import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from './child.ts'
import { childrenOf, isAlive, makePackaged, type Packaged } from './packaged.ts'

/** Lives its lives as the file that is named says, one a line: what to say, and how to end. */
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

/** A file with what the server does in each of its lives. */
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
describe('a server that ends unexpectedly', () => {
  it.each([
    ['by a crash of native code', { kill: 'SIGSEGV' }, { code: null, signal: 'SIGSEGV' }],
    ['by an error nobody expected', { exit: 1 }, { code: 1, signal: null }],
  ] as const)('%s is started again, and the next is told its last words', async (_, how, told) => {
    const { status, out, err } = await outcome(
      start({ ready: true, words: 'FATAL ERROR: out of memory\n', ...how }, { ready: true, exit: 0 }),
    )
    expect(status).toBe(0)
    expect(err).toContain('FATAL ERROR: out of memory\n')
    expect(err).toMatch(/mairust: the server ended unexpectedly \(.*\); it is started again in 0\.5 s/)
    const predecessor = JSON.parse(out.split('\n').find((text) => text.startsWith('{')) ?? '{}') as object
    expect(predecessor).toEqual({
      type: 'predecessor',
      ...told,
      restarts: 1,
      words: 'FATAL ERROR: out of memory\n',
    })
  })

  it('is started again although it never got ready, when it crashed', async () => {
    expect((await outcome(start({ kill: 'SIGABRT' }, { exit: 0 }))).status).toBe(0)
  })

  it('is started again when starting again fails for a while', async () => {
    const { status, err } = await outcome(
      start({ ready: true, kill: 'SIGKILL' }, { exit: 1 }, { ready: true, exit: 0 }),
    )
    expect(status).toBe(0)
    expect(err.match(/started again/g)).toHaveLength(2)
  })
})

describe('a server that is not started again', () => {
  it('keeps its exit status when it could not start', async () => {
    const { status, err } = await outcome(start({ exit: 4 }))
    expect([status, err]).toEqual([4, ''])
  })

  it('has said that its configuration is wrong', async () => {
    expect((await outcome(start({ ready: true, kill: 'SIGKILL' }, { final: true, exit: 1 }))).status).toBe(1)
  })

  it('was told to end while its next start was waited for', async () => {
    const child = start({ ready: true, kill: 'SIGKILL' }, { ready: true })
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('started again')) child.kill('SIGTERM')
    })
    expect((await outcome(child)).status).toBe(0)
  })
})

describe('a signal at the wrong moment', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s before the server can listen to it ends it with 0', async (signal) => {
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
    await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false)
  })

  it.each(['SIGHUP', 'SIGKILL'] as const)(
    'because npm got %s, of which it tells us nothing, ends the server too',
    async (signal) => {
      // npm's part: it runs our script and dies without a word.
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
      await expect.poll(() => [isAlive(supervisor), isAlive(server)], { timeout: 5000 }).toEqual([false, false])
    },
  )
})
