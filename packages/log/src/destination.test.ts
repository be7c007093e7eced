import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, mkdtempSync, openSync, readSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createLog } from './index.ts'

const PROGRAM = fileURLToPath(new URL('../test/full-disk.ts', import.meta.url))

/** A named pipe whose ends the test opens and closes. */
function makePipe() {
  const path = join(mkdtempSync(join(tmpdir(), 'mairust-pipe-')), 'lines')
  execFileSync('mkfifo', [path])
  const openReader = () => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const openWriter = () => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  return { openReader, openWriter }
}
function readAll(fd: number): string {
  const chunk = Buffer.alloc(1024 * 1024)
  const size = readSync(fd, chunk)
  return chunk.toString('utf8', 0, size)
}
const messages = (lines: string) =>
  lines
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { message: string }).message)

describe('a log that cannot be written', () => {
  it.each(['sync', 'async'])('neither stops nor freezes a process whose disk is full (%s)', async (mode) => {
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [PROGRAM, mode], { stdio: ['ignore', full, 'pipe'], timeout: 20_000 })
    let errors = ''
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    const ended: unknown = await once(child, 'close')
    closeSync(full)
    expect({ errors, ended }).toEqual({ errors: 'alive\n', ended: [0, null] })
  })

  it('goes on once it can be, and says how many lines were lost', () => {
    const { openReader, openWriter } = makePipe()
    const early = openReader()
    const fd = openWriter()
    const log = createLog({ level: 'info', format: 'json', component: 'mta', sync: true, fd })
    log.info({}, 'first')
    expect(messages(readAll(early))).toEqual(['first'])
    closeSync(early)
    for (const message of ['second', 'third']) log.info({}, message)
    const late = openReader()
    log.info({}, 'fourth')
    const lines = readAll(late)
    expect(messages(lines)).toEqual(['fourth', 'Some log lines could not be written and are lost'])
    expect(lines).toContain('"lines":2')
    for (const end of [late, fd]) closeSync(end)
  })

  it('gives up on a reader that is stuck, and begins a new line after one that was cut off', () => {
    const { openReader, openWriter } = makePipe()
    const reader = openReader()
    const fd = openWriter()
    const log = createLog({ level: 'info', format: 'json', component: 'mta', sync: true, fd })
    log.info({}, 'x'.repeat(1024 * 1024))
    expect(readAll(reader)).toMatch(/x$/)
    log.info({}, 'whole')
    expect(messages(readAll(reader))).toEqual(['whole', 'Some log lines could not be written and are lost'])
    for (const end of [reader, fd]) closeSync(end)
  })

  it('loses lines rather than memory while its reader is slow', async () => {
    const { openReader, openWriter } = makePipe()
    const reader = openReader()
    const fd = openWriter()
    const log = createLog({ level: 'info', format: 'json', component: 'mta', fd })
    for (let count = 0; count < 12; count += 1) log.info({}, `${count} ${'x'.repeat(512 * 1024)}`)
    let lines = ''
    await expect
      .poll(
        () => {
          try {
            lines += readAll(reader)
          } catch {
            // Nothing has arrived since.
          }
          return lines
        },
        { timeout: 20_000, interval: 10 },
      )
      .toContain('are lost')
    expect(messages(lines).map((message) => message.split(' ')[0])).toEqual([
      ...Array.from({ length: 8 }, (_, count) => String(count)),
      'Some',
    ])
    for (const end of [reader, fd]) closeSync(end)
  })
})
