// Measures list, search, detail and raw over REST, with many messages in one mailbox.
// Usage: npm run bench -- read [--messages 100000] [--requests 400] [--postgres postgres://…]

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ADMIN, startProduct } from '../e2e/fixtures/product.ts'
import { markdownTable, median, quantile } from './lib/table.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    requests: { type: 'string', default: '400' },
    postgres: { type: 'string' },
  },
})
const messages = Number(values.messages)
const requests = Number(values.requests)

const WORDS = ['invoice', 'meeting', 'report', 'lunch', 'server', 'release', '東京', '会議', 'garden', 'ticket']

/** An mbox of small messages, one in ten with an attachment's worth of text, dated a minute apart. */
function mbox(count: number): string {
  const parts: string[] = []
  for (let i = 0; i < count; i += 1) {
    const word = (n: number) => WORDS[(i * 7 + n * 3) % WORDS.length] ?? ''
    const date = new Date(Date.UTC(2025, 0, 1) + i * 60_000).toUTCString().replace('GMT', '+0000')
    parts.push(
      `From sender@remote.example Thu Jan  1 00:00:00 2025\n`,
      `From: Person ${String(i % 500)} <person${String(i % 500)}@remote.example>\nTo: ${ADMIN.email}\nSubject: ${word(0)} ${word(1)} ${String(i)}\n`,
      `Date: ${date}\nMessage-ID: <bench-${String(i)}@remote.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n`,
      `${`${word(2)} ${word(3)} ${word(4)} in the middle of a sentence. `.repeat(i % 10 === 0 ? 60 : 6)}\n\n`,
    )
  }
  return parts.join('')
}

const folder = mkdtempSync(join(tmpdir(), 'mairust-bench-read-'))
const product = await startProduct({ admin: true, env: values.postgres ? { DATABASE_URL: values.postgres } : {} })
try {
  const file = join(folder, 'mail.mbox')
  writeFileSync(file, mbox(messages))
  const importStarted = performance.now()
  const imported = await product.cli('import', 'mbox', file, '--mailbox', ADMIN.email)
  if (imported.status !== 0) throw new Error(`import: ${imported.stderr}`)
  const importRate = messages / ((performance.now() - importStarted) / 1000)
  const made = await product.cli('api-key', 'create', '--name', 'bench', '--scopes', 'read,admin', '--json')
  const { data: key } = JSON.parse(made.stdout) as { data: { key: string } }

  const get = async (path: string): Promise<{ text: string; ms: number }> => {
    const started = performance.now()
    const response = await fetch(`${product.url}/api/v1${path}`, { headers: { authorization: `Bearer ${key.key}` } })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${path}: ${String(response.status)} ${text.slice(0, 200)}`)
    return { text, ms: performance.now() - started }
  }
  const ids: string[] = []
  for (let cursor: string | null = ''; cursor !== null && ids.length < 2000;) {
    const { text } = await get(`/messages?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)
    const page = JSON.parse(text) as { data: { id: string }[]; pagination: { cursor: string | null } }
    ids.push(...page.data.map(({ id }) => id))
    cursor = page.pagination.cursor
  }
  const id = (i: number) => ids[(i * 37) % ids.length] ?? ''
  const word = (i: number) => encodeURIComponent(WORDS[i % WORDS.length] ?? '')
  const kinds: [string, (i: number) => string][] = [
    ['list', () => `/messages?mailbox=${encodeURIComponent(ADMIN.email)}&folder=inbox`],
    ['list, unseen', () => `/messages?mailbox=${encodeURIComponent(ADMIN.email)}&seen=false`],
    ['search, one word', (i) => `/messages?q=${word(i)}`],
    [
      'search, subject and sender',
      (i) => `/messages?q=${encodeURIComponent(`subject:invoice from:person${String(i % 500)}`)}`,
    ],
    ['detail', (i) => `/messages/${id(i)}`],
    ['raw', (i) => `/messages/${id(i)}/raw`],
  ]
  const rows: string[][] = []
  for (const [name, path] of kinds) {
    for (let i = 0; i < 20; i += 1) await get(path(i))
    const taken: number[] = []
    for (let i = 0; i < requests; i += 1) taken.push((await get(path(i))).ms)
    rows.push([
      name,
      ...[median(taken), quantile(taken, 0.95), quantile(taken, 0.99), Math.max(...taken)].map((ms) => ms.toFixed(1)),
    ])
    process.stderr.write(`${rows.at(-1)?.join('  ') ?? ''}\n`)
  }
  const text = `# Read\n\n${String(messages)} messages in one mailbox on ${values.postgres ? 'PostgreSQL' : 'SQLite'}, ${String(requests)} requests each, one after the other, over REST. Imported at ${importRate.toFixed(0)}/s.\n\n${markdownTable(['what', 'median ms', 'p95 ms', 'p99 ms', 'max ms'], rows)}`
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  writeFileSync(join(import.meta.dirname, `results/read-${values.postgres ? 'postgres' : 'sqlite'}.md`), text)
  process.stdout.write(text)
} finally {
  await product.dispose()
  rmSync(folder, { recursive: true, force: true })
}
