import { expect, it } from 'vitest'
import { leftOutText, startReport } from './report.ts'

const result = (imported: number) => ({
  imported,
  alreadyThere: 0,
  deleted: 0,
  empty: 0,
  internal: 0,
  unreadable: 0,
  bytes: 0,
})

/** A report with its own clock. */
function reporting(errIsTerminal: boolean) {
  let said = ''
  let at = 0
  const report = startReport({ err: (text) => (said += text), errIsTerminal }, () => at)
  return { report, after: (ms: number) => (at += ms), said: () => said }
}

it('progress updates a line on a terminal, at most a few times a second', () => {
  const { report, after, said } = reporting(true)
  for (const [ms, imported] of [
    [100, 10],
    [200, 600],
    [100, 700],
    [700, 3300],
  ] as const) {
    after(ms)
    report.progress(result(imported))
  }
  report.end()
  expect(said()).toBe('\r600 messages imported, 2000 a second\u001B[K\r3300 messages imported, 3000 a second\u001B[K\n')
})

it('progress is a line every ten seconds where there is no terminal', () => {
  const { report, after, said } = reporting(false)
  for (let n = 1; n <= 25; n += 1) {
    after(1000)
    report.progress({ ...result(n * 1000), alreadyThere: 5 })
  }
  report.end()
  expect(said()).toBe(
    '10000 messages imported, 5 already imported, 1000 a second\n20000 messages imported, 5 already imported, 1000 a second\n',
  )
})

it('skipped messages are named, up to a limit', () => {
  const { report, said } = reporting(false)
  report.leftOut('deleted', 'wanted so')
  for (let n = 0; n < 30; n += 1) report.leftOut('unreadable', `file ${n}`)
  report.end()
  expect(said().split('\n')).toHaveLength(22)
  expect(said()).toMatch(/^skipped: file 0\n.*skipped: file 19\nskipped: 10 more messages\n$/s)
  expect(leftOutText({ ...result(1), deleted: 2, empty: 1 })).toBe('skipped: 2 marked as deleted, 1 empty')
  expect(leftOutText(result(1))).toBe('')
})
