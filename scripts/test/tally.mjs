// Counts and reports what passed, failed and was skipped in the whole run.

import { stripVTControlCharacters } from 'node:util'

/** Lines of each failure in the summary. */
const EXCERPT = 40

export class Tally {
  passed = 0
  failed = 0
  /** @type {{ count: number, remedy: string }[]} */
  #skips = []
  /** @type {string[]} */
  #rows = []
  /** @type {string[]} */
  #failures = []

  /** Records a check that passes or fails as a whole (lint, types …); prints its output on failure. */
  check(name, { status, output, seconds }) {
    const ok = status === 0
    this.#row(name, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, seconds, output })
  }

  /** Records a test runner's counts. A run that failed without a failing test (coverage, a crash) counts as one failure. */
  suite(name, { status, output, seconds }, { passed, failed }) {
    this.#row(name, { passed, failed: failed === 0 && status !== 0 ? 1 : failed, seconds, output })
  }

  /** Records tests that could not run here; `remedy` says what to install. */
  skip(name, count, remedy) {
    this.#skips.push({ count, remedy })
    this.#rows.push(`  -    ${name}: ${count} skipped: ${remedy}`)
    process.stdout.write(`  -    ${name}: ${count} skipped: ${remedy}\n`)
  }

  get skipped() {
    return this.#skips.reduce((sum, { count }) => sum + count, 0)
  }

  #row(name, { passed, failed, seconds, output }) {
    this.passed += passed
    this.failed += failed
    const row = `  ${failed === 0 ? 'ok  ' : 'FAIL'} ${name}: ${passed} passed${failed > 0 ? `, ${failed} failed` : ''} (${seconds.toFixed(0)} s)`
    this.#rows.push(row)
    if (failed > 0) {
      process.stdout.write(`${output}\n`)
      this.#failures.push(`${name}\n${failures(output)}`)
    }
    process.stdout.write(`${row}\n`)
  }

  /** Prints the summary, ending with the total; returns the exit status. With CI, a skip is a failure. */
  finish(ci) {
    const failed = this.failed + (ci ? this.skipped : 0)
    const skipped = ci ? 0 : this.skipped
    for (const failure of this.#failures) process.stdout.write(`\nFAILED ${failure}\n`)
    process.stdout.write(`\nSummary\n${this.#rows.join('\n')}\n`)
    for (const { count, remedy } of this.#skips) process.stdout.write(`${count} skipped: ${remedy}\n`)
    process.stdout.write(`\n${this.passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
    return failed === 0 && this.passed > 0 ? 0 : 1
  }
}

/** What failed, from a program's output: shown again beside the summary, as long logs are read from their end. */
function failures(output) {
  const lines = stripVTControlCharacters(output).trimEnd().split('\n')
  const start = lines.findIndex((line) =>
    /Failed Tests|Failed Suites|Unhandled Errors|^ {2}1\) |ERROR: Coverage/u.test(line),
  )
  return (start === -1 ? lines.slice(-EXCERPT) : lines.slice(start, start + EXCERPT)).join('\n')
}
