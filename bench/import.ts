// Measures import from an mbox into an empty store, in messages per second, for small messages and ones of 7 KB.
// Usage: npm run bench -- import [--messages 20000] [--postgres], which starts a PostgreSQL of its own.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ADMIN, startProduct } from '../e2e/fixtures/product.ts'
import { startOwnPostgres } from '../packages/db/src/testing/postgres-server.ts'
import { markdownTable } from './lib/table.ts'

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '20000' }, postgres: { type: 'boolean', default: false } },
})
const messages = Number(values.messages)

/** A word of two to eight letters; some thousand different ones. */
const word = (n: number): string => ((n * 2_654_435_761) % 3001).toString(36) + 'aeiou'.slice(n % 5)

/** An mbox of messages with bodies of about `bodyBytes`. */
function mbox(bodyBytes: number): string {
  const parts: string[] = []
  for (let i = 0; i < messages; i += 1) {
    const lines: string[] = []
    for (let n = 0, size = 0; size < bodyBytes; n += 1) {
      const line = Array.from({ length: 11 }, (_, at) => word(i * 131 + n * 17 + at)).join(' ')
      lines.push(line)
      size += line.length + 1
    }
    parts.push(
      `From p@remote.example Fri Jul  8 12:08:34 2011\nFrom: Person ${String(i % 500)} <p${String(i % 500)}@remote.example>\n`,
      `To: ${ADMIN.email}\nSubject: ${word(i)} ${String(i)}\nMessage-ID: <${String(i)}.${String(bodyBytes)}@remote.example>\n\n`,
      `${lines.join('\n')}\n\n`,
    )
  }
  return parts.join('')
}

const folder = mkdtempSync(join(tmpdir(), 'mairust-bench-import-'))
try {
  const rows: string[][] = []
  for (const [name, bytes] of [
    ['small', 300],
    ['7 KB', 6800],
  ] as const) {
    const postgres = values.postgres ? await startOwnPostgres() : null
    if (values.postgres && postgres === null) throw new Error('no PostgreSQL: apt-get install postgresql')
    const product = await startProduct({
      admin: true,
      env: postgres === null ? {} : { DATABASE_URL: postgres.url('postgres') },
    })
    try {
      const file = join(folder, `${String(bytes)}.mbox`)
      writeFileSync(file, mbox(bytes))
      const { status, stdout, stderr } = await product.cli('import', 'mbox', file, '--mailbox', ADMIN.email, '--json')
      if (status !== 0) throw new Error(`import: ${stderr}`)
      const { data } = JSON.parse(stdout) as { data: { imported: number; seconds: number } }
      rows.push([name, String(data.imported), data.seconds.toFixed(1), (data.imported / data.seconds).toFixed(0)])
    } finally {
      await product.dispose()
      await postgres?.stop()
    }
  }
  const text = `# Import\n\nFrom an mbox into an empty store on ${values.postgres ? 'PostgreSQL' : 'SQLite'}, next to a running server.\n\n${markdownTable(['messages', 'imported', 'seconds', 'per second'], rows)}`
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  writeFileSync(join(import.meta.dirname, `results/import-${values.postgres ? 'postgres' : 'sqlite'}.md`), text)
  process.stdout.write(text)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
