// Reads the JSON reports of vitest and Playwright.

import { readFileSync } from 'node:fs'

/** Counts of a vitest JSON report; zeros when there is none. */
export function vitestCounts(file) {
  const report = readJson(file)
  if (!report) return { passed: 0, failed: 0, skipped: 0 }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** Counts of a Playwright JSON report. A test that passed only on a retry counts as failed. */
export function playwrightCounts(file) {
  const stats = readJson(file)?.stats
  if (!stats) return { passed: 0, failed: 0, skipped: 0 }
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
