/** The long version of the crash test, started by bench/faults/kill.mjs: `crash-run.ts <kills> <sqlite|postgres>`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DatabaseOptions, migrate } from '@mairust/db'
import type { TestTemplates } from '@mairust/db/testing'
import setup from '@mairust/db/testing/global-setup'
import { crash } from './crash.ts'

const [kills = '50', dialect = 'sqlite'] = process.argv.slice(2)
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const folder = await mkdtemp(join(tmpdir(), 'mairust-kill-'))
const provided: { templates: TestTemplates | null } = { templates: null }
const teardown = await setup({
  provide: (_: string, value: TestTemplates) => void (provided.templates = value),
} as unknown as Parameters<typeof setup>[0])
try {
  const database = optionsFor(provided.templates?.postgres ?? null)
  await migrate(database)
  const result = await crash({ database, folder, kills: Number(kills), senders: 10, most: 150, report: say })
  say(JSON.stringify({ dialect, kills: Number(kills), ...result }, null, 2))
  const good =
    result.lost.length + result.damaged.length + result.doubled.length === 0 && result.slowestStartMs < 10_000
  say(good ? 'nothing acknowledged was lost' : 'FAILED')
  process.exitCode = good ? 0 : 1
} finally {
  await teardown()
  await rm(folder, { recursive: true, force: true })
}

function optionsFor(postgres: TestTemplates['postgres']): DatabaseOptions {
  if (dialect === 'sqlite') return { backend: 'sqlite', path: join(folder, 'mairust.db') }
  if (postgres === null) throw new Error('no PostgreSQL: install it, or set MAIRUST_TEST_DATABASE_URL')
  const url = new URL(postgres.admin)
  url.pathname = `/${postgres.template}`
  return { backend: 'postgres', url: url.href }
}
