// `npm run security`: checks advisories for production dependencies, and runs the security lint on our code. An
// unreachable advisory service is reported, and does not count as passed.

import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const TIMEOUT_MS = 120_000

const capture = (args) =>
  spawnSync('pnpm', args, { cwd: root, encoding: 'utf8', timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 })

/** Checks advisories for the production dependencies. Returns 'passed', 'failed' or 'unreachable'. */
function audit() {
  const { stdout, stderr } = capture(['audit', '--prod', '--json'])
  let report
  try {
    report = JSON.parse(stdout)
  } catch {
    report = undefined
  }
  if (report?.metadata?.vulnerabilities === undefined) {
    const reason = report?.error?.message ?? report?.error?.code ?? (stderr.trim() || stdout.trim() || 'no answer')
    console.log(`advisories: NOT CHECKED, the advisory service could not be reached (${reason.split('\n')[0]})`)
    return 'unreachable'
  }
  const advisories = Object.values(report.advisories ?? {})
  for (const { severity, module_name: name, title, url } of advisories)
    console.log(`  ${severity}: ${name}: ${title} (${url})`)
  const found = Object.values(report.metadata.vulnerabilities).reduce((sum, count) => sum + count, 0)
  console.log(`advisories: ${found} found`)
  return found === 0 ? 'passed' : 'failed'
}

/** Lints our code for vulnerable patterns. */
function lint() {
  const args = [
    'exec',
    'eslint',
    '--config',
    'tooling/eslint/security.js',
    '--max-warnings',
    '0',
    '--no-warn-ignored',
    '.',
  ]
  const { status, stdout, stderr } = capture(args)
  if (status !== 0) console.log((stdout + stderr).trim())
  console.log(`security lint: ${status === 0 ? 'passed' : 'failed'}`)
  return status === 0 ? 'passed' : 'failed'
}

const results = [lint(), audit()]
const count = (result) => results.filter((each) => each === result).length
console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('unreachable')} not checked`)
process.exitCode = results.every((result) => result === 'passed') ? 0 : 1
