import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from './child.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** Stands in for the program: it tells what it was given and ends as it is told. */
const PROGRAM = `
console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), threads: process.env.UV_THREADPOOL_SIZE, noise: process.env.npm_config_nodedir ?? null }))
const [verb, status] = process.argv.slice(2)
if (verb === 'exit') process.exit(Number(status))
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.on(signal, () => {
    console.log(signal)
    if (signal === 'SIGTERM') setTimeout(() => process.exit(7), 100)
  })
}
setInterval(() => {}, 1000)
console.log('up')
`

let folder: string
beforeAll(() => {
  // What an image holds: the results without their sources, so that nothing is installed or built.
  folder = mkdtempSync(join(tmpdir(), 'mairust-wrapper-'))
  for (const part of ['bin/mairust', 'scripts/bootstrap.mjs', 'scripts/bootstrap', 'package.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  }
  mkdirSync(join(folder, 'apps/cli/dist'), { recursive: true })
  mkdirSync(join(folder, 'apps/web/.next'), { recursive: true })
  writeFileSync(join(folder, 'apps/web/.next/BUILD_ID'), 'x')
  writeFileSync(join(folder, 'apps/cli/dist/main.js'), PROGRAM)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(process.execPath, [join(folder, command), ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

describe.each(['bin/mairust', 'scripts/bootstrap.mjs'])('%s', (command) => {
  it('hands over arguments, working directory and exit status, and prints nothing itself', async () => {
    const { status, out: text, err } = await outcome(start(command, ['exit', '3'], { npm_config_nodedir: '/usr' }))
    const out = text.trim().split('\n')
    expect([status, err, out.length]).toEqual([3, '', 1])
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ args: ['exit', '3'], cwd: tmpdir(), noise: null })
    expect(Number((JSON.parse(out[0] ?? '') as { threads: string }).threads)).toBeGreaterThanOrEqual(16)
  })

  it('passes signals on and stays until the program has drained', async () => {
    const child = start(command, ['start'])
    const end = outcome(child)
    child.stdout?.on('data', (chunk: Buffer) => {
      const told = chunk.toString()
      if (told.includes('up')) child.kill('SIGHUP')
      else if (told.includes('SIGHUP')) child.kill('SIGINT')
      else if (told.includes('SIGINT')) child.kill('SIGTERM')
    })
    const { status, out } = await end
    expect([status, ...out.trim().split('\n').slice(1)]).toEqual([7, 'up', 'SIGHUP', 'SIGINT', 'SIGTERM'])
  })

  it('ends with 128 + the number of the signal that ended the program', async () => {
    const killed = start(command, ['start'])
    killed.stdout?.on('data', (chunk: Buffer) => {
      if (!chunk.toString().includes('up')) return
      const children = readFileSync(`/proc/${killed.pid ?? 0}/task/${killed.pid ?? 0}/children`, 'utf8')
      process.kill(Number(children.trim()), 'SIGKILL')
    })
    expect((await outcome(killed)).status).toBe(137)
  })
})

it('works through a symbolic link', async () => {
  symlinkSync(join(folder, 'bin/mairust'), join(folder, 'link'))
  expect((await outcome(start('link', ['exit', '0']))).status).toBe(0)
})
