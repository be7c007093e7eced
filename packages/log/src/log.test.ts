import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLog, type LogOptions, type RootLog } from './index.ts'

/** The lines written to a log. */
function written(use: (log: RootLog) => void, options: Partial<LogOptions> = {}): string[] {
  const path = join(mkdtempSync(join(tmpdir(), 'mairust-log-')), 'lines')
  const fd = openSync(path, 'w')
  const log = createLog({ level: 'info', format: 'json', component: 'mta', sync: true, fd, ...options })
  use(log)
  log.flush()
  closeSync(fd)
  return readFileSync(path, 'utf8').split('\n').slice(0, -1)
}
const parsed = (lines: string[]): unknown[] => lines.map((line) => JSON.parse(line) as unknown)

describe('a log line', () => {
  it('has the common fields, and names its request', () => {
    const lines = parsed(
      written((log) => {
        log.info({}, 'one')
        log.child('smtp').warn({ request_id: 'jrn_1', remote_addr: '192.0.2.1' }, 'two')
      }),
    )
    const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string
    expect(lines).toEqual([
      { level: 'info', timestamp, component: 'mta', request_id: 'process', message: 'one' },
      { level: 'warn', timestamp, component: 'smtp', request_id: 'jrn_1', remote_addr: '192.0.2.1', message: 'two' },
    ])
  })

  it('has type, message and stack of an error, but not the fields a driver added', () => {
    const cause = new Error('inner')
    const error = Object.assign(new TypeError('outer', { cause }), { code: 'X1', detail: 'a secret' })
    const [line] = parsed(written((log) => log.error({ err: error }, 'failed'))) as [{ err: Record<string, string> }]
    expect(line.err).toMatchObject({
      type: 'TypeError',
      message: expect.stringContaining('outer') as string,
      code: 'X1',
    })
    expect(line.err['stack']).toContain('inner')
    expect(JSON.stringify(line)).not.toContain('secret')
    expect(parsed(written((log) => log.error({ err: 'a text' }, 'failed')))).toMatchObject([{ err: 'a text' }])
  })

  it('can be text for people', () => {
    const [line] = written((log) => log.warn({ at: 1 }, 'words'), { format: 'text' })
    expect(line).toMatch(/^\S+Z warn {2}mta: words \{"at":1,"request_id":"process"\}$|"request_id":"process","at":1/)
  })
})

describe('the level', () => {
  it('applies to all children, earlier and later ones', () => {
    const lines = written((log) => {
      const before = log.child('before')
      log.debug({}, 'unseen')
      log.setLevel('debug')
      before.debug({}, 'a')
      log.child('after').debug({}, 'b')
      log.debug({}, 'c')
      log.setLevel('error')
      before.warn({}, 'unseen')
    })
    expect(parsed(lines)).toMatchObject([{ message: 'a' }, { message: 'b' }, { message: 'c' }])
  })
})
