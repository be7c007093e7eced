import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { createLog, type LogOptions, relayOutput, type RootLog } from './index.ts'

/** The lines written to a log. */
async function written(use: (log: RootLog) => Promise<void> | void, options: Partial<LogOptions> = {}) {
  const path = join(mkdtempSync(join(tmpdir(), 'mairust-relay-')), 'lines')
  const fd = openSync(path, 'w')
  const log = createLog({ level: 'info', format: 'json', component: 'mta', sync: true, fd, ...options })
  await use(log)
  log.flush()
  closeSync(fd)
  return readFileSync(path, 'utf8').split('\n').slice(0, -1)
}
const printing = (chunks: readonly (string | Buffer)[], options: Partial<LogOptions> = {}) =>
  written(async (log) => {
    const output = new PassThrough()
    relayOutput(output, log, 'web')
    for (const chunk of chunks) output.write(chunk)
    output.end()
    await finished(output)
  }, options)
const messages = (lines: readonly string[]) => lines.map((line) => (JSON.parse(line) as { message: string }).message)

const HOSTILE = '\u001b[2J\u009b31m\u202egnp.exe\u2066\u2028\u007f\r'
const isSafe = (line: string): boolean =>
  !Array.from(line).some(
    (character) => character < ' ' || /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/.test(character),
  )

describe('untrusted text', () => {
  it.each(['json', 'text'] as const)('is logged without terminal controls (%s)', async (format) => {
    const lines = await written(
      (log) => {
        log.info({ subject: HOSTILE, err: new Error(HOSTILE) }, `from ${HOSTILE}`)
        log.child(HOSTILE).warn({ [HOSTILE]: 1 }, HOSTILE)
      },
      { format },
    )
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(isSafe(line)).toBe(true)
  })

  it('keeps its value in JSON', async () => {
    const [line = ''] = await written((log) => log.info({ subject: HOSTILE }, 'x'))
    expect(JSON.parse(line)).toMatchObject({ subject: HOSTILE })
  })
})

describe('the output of a child', () => {
  it('is passed on when it is a log line, and logged as text otherwise', async () => {
    const entry = { level: 'info', timestamp: 'T', component: 'api', request_id: 'req_1', message: 'done' }
    const lines = await printing([`${JSON.stringify(entry)}\n{"level":"info"}\n`, `TypeError: ${HOSTILE}.\n    at x`])
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      entry,
      expect.objectContaining({ level: 'warn', component: 'web', message: '{"level":"info"}' }),
      expect.objectContaining({ level: 'warn', component: 'web', message: `TypeError: ${HOSTILE}.` }),
      expect.objectContaining({ component: 'web', message: '    at x' }),
    ])
    for (const line of lines) expect(isSafe(line)).toBe(true)
  })

  it('is reassembled from chunks, even when split within a character', async () => {
    const bytes = Buffer.from(`${JSON.stringify({ level: 'warn', timestamp: 'T', component: 'c', message: 'né' })}\n`)
    const at = bytes.indexOf(0xc3) + 1
    expect(messages(await printing([bytes.subarray(0, at), bytes.subarray(at)]))).toEqual(['né'])
  })

  it('is truncated when it is too long', async () => {
    const [line = ''] = await printing([`${'x'.repeat(100_000)}\n`])
    expect(line.length).toBeLessThan(20_000)
  })

  it('is formatted as text in a text log', async () => {
    const entry = { level: 'info', timestamp: 'T', component: 'api', request_id: 'r', message: 'done' }
    expect(await printing([`${JSON.stringify(entry)}\n`], { format: 'text' })).toEqual([
      'T info  api: done {"request_id":"r"}',
    ])
  })
})
