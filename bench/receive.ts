// Measures accepted messages per second against Postfix, alternating in one run with the same load on the same machine.
// Usage: npm run bench -- receive [--messages 4000] [--rounds 3] [--postgres postgres://…]

import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { ADMIN, DOMAIN, startProduct } from '../e2e/fixtures/product.ts'
import type { Product } from '../e2e/fixtures/product.ts'
import type { Contender } from './lib/contender.ts'
import { postfix } from './lib/postfix.ts'
import { markdownTable, median } from './lib/table.ts'

const SMTP_SOURCE = '/usr/sbin/smtp-source'
const run = promisify(execFile)
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '3' },
    postgres: { type: 'string' },
  },
})
const messages = Number(values.messages)

function mairust(name: string, env: NodeJS.ProcessEnv): Contender {
  let product: Product | undefined
  return {
    name,
    durable: 'object synced and database commit before 250; in the mailbox, indexed, with its journey',
    get port() {
      return product?.ports.inbound ?? 0
    },
    async start() {
      product = await startProduct({ admin: true, env })
    },
    async stop() {
      await product?.dispose()
    },
  }
}

/** Accepted messages per second: 20 sessions, each reusing its connection, 4 KB messages. */
async function measure(port: number): Promise<number> {
  const started = performance.now()
  await run(
    SMTP_SOURCE,
    [
      '-s',
      '20',
      '-l',
      '4096',
      '-m',
      String(messages),
      '-d',
      '-f',
      'sender@remote.example',
      '-t',
      ADMIN.email,
      `127.0.0.1:${String(port)}`,
    ],
    { timeout: 300_000 },
  )
  return messages / ((performance.now() - started) / 1000)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

if (!existsSync(SMTP_SOURCE)) throw new Error('smtp-source is missing: install postfix')
const contenders = [
  mairust('MaiRust, SQLite', {}),
  ...(values.postgres ? [mairust('MaiRust, PostgreSQL', { DATABASE_URL: values.postgres })] : []),
  postfix(await freePort(), DOMAIN),
].filter((contender) => contender !== undefined)

const rates = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]))
try {
  for (const contender of contenders) await contender.start()
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [contender, taken] of rates) {
      const rate = await measure(contender.port)
      taken.push(rate)
      process.stderr.write(`${contender.name}: ${rate.toFixed(0)}/s\n`)
    }
  }
} finally {
  for (const contender of contenders) await contender.stop()
}

const peer = [...rates].find(([{ name }]) => name === 'Postfix')?.[1]
const table = markdownTable(
  ['receiver', 'median /s', 'min – max', 'against Postfix', 'durable at 250'],
  [...rates].map(([{ name, durable }, taken]) => [
    name,
    median(taken).toFixed(0),
    `${Math.min(...taken).toFixed(0)} – ${Math.max(...taken).toFixed(0)}`,
    peer ? `${(median(taken) / median(peer)).toFixed(2)} ×` : '–',
    durable,
  ]),
)
const text = `# Receive\n\n\`smtp-source -s 20 -l 4096 -d\`, ${String(messages)} messages a round, ${values.rounds} rounds, alternating, ${String(cpus().length)} cores shared with the load.\n\n${table}`
mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
writeFileSync(join(import.meta.dirname, 'results/receive.md'), text)
process.stdout.write(text)
