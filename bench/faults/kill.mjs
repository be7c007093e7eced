// Kills the server with SIGKILL at random moments under load, 50 times on each database, and compares what it stored with
// what it acknowledged: `npm run bench -- faults/kill [kills] [sqlite|postgres]`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const [kills = '50', only] = process.argv.slice(2)
const entry = fileURLToPath(new URL('../../apps/mta/test/support/crash-run.ts', import.meta.url))
for (const dialect of only === undefined ? ['sqlite', 'postgres'] : [only]) {
  console.log(`${kills} kills on ${dialect}`)
  const child = spawn(process.execPath, [entry, kills, dialect], { stdio: 'inherit' })
  const [code] = await once(child, 'close')
  if (code !== 0) process.exitCode = 1
}
