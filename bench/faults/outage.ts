// Stops PostgreSQL under load: once for minutes, then repeatedly. Mail must get 451 meanwhile, no acknowledged message may be lost,
// and everything must recover by itself. Usage: npm run bench -- faults/outage [--minutes 2] [--restarts 3]

import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { listSubjects, startLoad } from '../../e2e/fixtures/load.ts'
import { ADMIN, startProduct } from '../../e2e/fixtures/product.ts'
import { makeKey } from '../../e2e/fixtures/rest.ts'
import { startOwnPostgres } from '../../packages/db/src/testing/postgres-server.ts'
import { Verdict } from '../lib/verdict.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '2' }, restarts: { type: 'string', default: '3' } },
})
const RECOVERS_WITHIN_MS = 5000

const postgres = await startOwnPostgres()
if (postgres === null) throw new Error('no PostgreSQL: apt-get install postgresql')
const product = await startProduct({ admin: true, env: { DATABASE_URL: postgres.url('postgres') } })
const verdict = new Verdict()
try {
  const key = await makeKey(product, 'read')
  const api = async (): Promise<number> => {
    const response = await fetch(`${product.url}/api/v1/messages`, { headers: { authorization: `Bearer ${key}` } })
    return response.status
  }
  const { seen, stop } = startLoad(product, ADMIN.email, 5)
  await delay(5000)
  verdict.expect(seen.acknowledged.size > 0, `${String(seen.acknowledged.size)} messages before the outage`)

  const away = async (ms: number): Promise<void> => {
    await postgres.down()
    await delay(1000)
    const before = seen.acknowledged.size
    const status = await api()
    verdict.expect(status === 503, `the API answers 503 meanwhile: ${String(status)}`)
    await delay(ms)
    verdict.expect(seen.acknowledged.size === before, 'nothing is acknowledged while the database is down')
    await postgres.up()
    const back = performance.now()
    while (seen.lastAcceptedAt < back && performance.now() - back < 60_000) await delay(20)
    const took = Math.round(seen.lastAcceptedAt - back)
    verdict.expect(took > 0 && took <= RECOVERS_WITHIN_MS, `mail is accepted again after ${String(took)} ms`)
    for (const end = performance.now() + RECOVERS_WITHIN_MS; performance.now() < end && (await api()) !== 200;)
      await delay(50)
    verdict.expect((await api()) === 200, 'the API answers again')
  }
  await away(Number(values.minutes) * 60_000)
  for (let i = 0; i < Number(values.restarts); i += 1) {
    await delay(5000)
    await away(1000)
  }
  await stop()

  const replies = [...seen.replies].map(([code, count]) => `${String(count)} × ${code}`).join(', ')
  verdict.expect(
    [...seen.replies.keys()].every((code) => ['250', '451', '421'].includes(code)),
    `replies: ${replies}`,
  )
  verdict.expectKept(seen.acknowledged, await listSubjects(product, key))
} finally {
  await product.dispose()
  await postgres.stop()
}
process.exitCode = verdict.good ? 0 : 1
