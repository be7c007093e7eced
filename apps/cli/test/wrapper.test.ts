import { symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcome } from './child.ts'
import { childrenOf, makePackaged, type Packaged } from './packaged.ts'

/** Stands in for the program: prints its arguments and environment, and exits as told. */
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
process.send?.({ type: 'ready' })
console.log('up')
`

let packaged: Packaged
beforeAll(() => {
  packaged = makePackaged(PROGRAM)
})
afterAll(() => packaged.remove())

describe.each(['bin/mairust', 'scripts/bootstrap.mjs'])('%s', (command) => {
  it('passes on arguments, working directory and exit status, and prints nothing itself', async () => {
    const child = packaged.start(command, ['exit', '3'], { npm_config_nodedir: '/usr' })
    const { status, out: text, err } = await outcome(child)
    const out = text.trim().split('\n')
    expect([status, err, out.length]).toEqual([3, '', 1])
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ args: ['exit', '3'], cwd: tmpdir(), noise: null })
    expect(Number((JSON.parse(out[0] ?? '') as { threads: string }).threads)).toBeGreaterThanOrEqual(16)
  })

  it.each(['start', 'wait'])('passes signals on to %s and waits until the program has drained', async (verb) => {
    const child = packaged.start(command, [verb])
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

  it('exits with 128 + the number of the signal that ended the program', async () => {
    const killed = packaged.start(command, ['wait'])
    killed.stdout?.on('data', (chunk: Buffer) => {
      if (!chunk.toString().includes('up')) return
      for (const pid of childrenOf(killed.pid ?? 0)) process.kill(pid, 'SIGKILL')
    })
    expect((await outcome(killed)).status).toBe(137)
  })
})

it('works through a symbolic link', async () => {
  symlinkSync(join(packaged.folder, 'bin/mairust'), join(packaged.folder, 'link'))
  expect((await outcome(packaged.start('link', ['exit', '0']))).status).toBe(0)
})
