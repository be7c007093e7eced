// `npm test`: runs all checks and tests, ending with the line "N passed, N failed". Started by bootstrap.mjs on the right Node with
// the dependencies installed. Arguments select groups: static, unit, e2e.

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { haveChromium, postgresPrograms } from './test/peers.mjs'
import { playwrightCounts, vitestCounts } from './test/reports.mjs'
import { run } from './test/run.mjs'
import { Tally } from './test/tally.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const scratch = mkdtempSync(join(tmpdir(), 'mairust-test-'))
const ci = process.env.CI === 'true'
const chosen = process.argv.slice(2)
const wants = (group) => chosen.length === 0 || chosen.includes(group)
const tally = new Tally()

const POSTGRES_REMEDY = 'install PostgreSQL (Debian: apt-get install postgresql) or set MAIRUST_TEST_DATABASE_URL'
const CHROMIUM_REMEDY =
  'install Chromium (Debian: apt-get install chromium, elsewhere: npx playwright install chromium)'

/** Runs `body` for each item, two at a time: a check or a test run uses about one core. */
async function inPairs(items, body) {
  const left = [...items]
  const next = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await body(item)
  }
  await Promise.all([next(), next()])
}

/** Static checks. */
async function staticGroup() {
  const checks = [
    ['types', 'pnpm', ['run', 'typecheck']],
    ['lint', 'pnpm', ['run', 'lint']],
    ['format', 'pnpm', ['run', 'format:check']],
    ['boundaries', 'pnpm', ['run', 'boundaries']],
    ['dead code', 'pnpm', ['run', 'deadcode']],
    ['documents', process.execPath, ['scripts/check-docs.mjs']],
  ]
  await inPairs(checks, async ([name, command, args]) => tally.check(name, await run(command, args, { cwd: root })))
}

/** Runs `body` with a PostgreSQL server that all tests share; each test creates its own database on it. */
async function withPostgres(body) {
  const { startPostgres } = await import('../packages/db/src/testing/postgres-server.ts')
  const url = process.env.MAIRUST_TEST_DATABASE_URL
  const bin = url ? null : await postgresPrograms(root)
  const postgres = bin === undefined ? null : await startPostgres({ url, ...(bin === null ? {} : { bin }) })
  if (postgres) process.env.MAIRUST_TEST_DATABASE_URL = postgres.url('postgres')
  try {
    await body(postgres !== null)
  } finally {
    await postgres?.stop()
  }
}

/** The tests of every package, with coverage, on SQLite and PostgreSQL. */
async function unitGroup(postgres) {
  await inPairs(packagesWithTests(), async (folder) => {
    const report = join(scratch, `${folder.replaceAll('/', '-')}.json`)
    const result = await run(
      'pnpm',
      ['exec', 'vitest', 'run', '--coverage', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      { cwd: join(root, folder) },
    )
    const counts = vitestCounts(report)
    tally.suite(folder, result, counts)
    if (counts.skipped > 0) tally.skip(folder, counts.skipped, postgres ? 'see the reasons above' : POSTGRES_REMEDY)
  })
}

/** What takes longest comes first, so that no core is idle at the end. */
const LONGEST = ['packages/api', 'apps/mta', 'packages/mail-core', 'packages/db', 'apps/cli', 'apps/web']

function packagesWithTests() {
  const found = ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => `${group}/${name}`)
      .filter((folder) => existsSync(join(root, folder, 'vitest.config.js'))),
  )
  const long = LONGEST.filter((folder) => found.includes(folder))
  return [...long, ...found.filter((folder) => !long.includes(folder))]
}

/** The built product in a browser, on SQLite and PostgreSQL. */
async function e2eGroup(postgres) {
  if (!postgres) tally.skip('e2e on PostgreSQL', 1, POSTGRES_REMEDY)
  if (!(await haveChromium(root))) return tally.skip('e2e', 1, CHROMIUM_REMEDY)
  const build = await run(process.execPath, ['scripts/build.mjs'], { cwd: root })
  tally.check('build', build)
  if (build.status !== 0) return
  const report = join(scratch, 'e2e.json')
  const result = await run('pnpm', ['exec', 'playwright', 'test', '--reporter=list,json'], {
    cwd: join(root, 'e2e'),
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  })
  const counts = playwrightCounts(report)
  tally.suite('e2e', result, counts)
  if (counts.skipped > 0) tally.skip('e2e', counts.skipped, 'see the reasons above')
}

try {
  if (wants('static')) await staticGroup()
  if (wants('unit') || wants('e2e')) {
    await withPostgres(async (postgres) => {
      if (wants('unit')) await unitGroup(postgres)
      if (wants('e2e')) await e2eGroup(postgres)
    })
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
process.exitCode = tally.finish(ci)
