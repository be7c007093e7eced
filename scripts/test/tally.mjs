// Counts and reports what passed, failed and was skipped in the whole run.

export class Tally {
  passed = 0
  failed = 0
  /** @type {{ count: number, remedy: string }[]} */
  #skips = []
  /** @type {string[]} */
  #rows = []

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
    if (failed > 0) process.stdout.write(`${output}\n`)
    process.stdout.write(`${row}\n`)
  }

  /** Prints the summary, ending with the total; returns the exit status. With CI, a skip is a failure. */
  finish(ci) {
    const failed = this.failed + (ci ? this.skipped : 0)
    const skipped = ci ? 0 : this.skipped
    process.stdout.write(`\nSummary\n${this.#rows.join('\n')}\n`)
    for (const { count, remedy } of this.#skips) process.stdout.write(`${count} skipped: ${remedy}\n`)
    process.stdout.write(`\n${this.passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
    return failed === 0 && this.passed > 0 ? 0 : 1
  }
}
