// Messages that are made to be hard to read come one after the other, while another client is served: how long that one waits, and
// how long the server's event loop stands still at the most. Usage: npm run bench -- faults/hostile [--rounds 3]

import { parseArgs } from 'node:util'
import { HOSTILE } from '../../apps/mta/test/support/hostile.ts'
import { ADMIN, startProduct } from '../../e2e/fixtures/product.ts'
import { Sender } from '../../e2e/fixtures/sender.ts'
import { Verdict } from '../lib/verdict.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } })
/** To connect and be greeted; on a machine that others use too. */
const SERVED_WITHIN_MS = 500
const STANDS_STILL_MS = 200

const product = await startProduct({ admin: true })
const verdict = new Verdict()
try {
  const hostile = await Sender.open(product.ports.inbound)
  const lag = async (): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${String(product.ports.ops)}/metrics`)).text()
    return Number(/^nodejs_eventloop_lag_p99_seconds(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1]) * 1000
  }
  await lag()
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const { name, message } of HOSTILE) {
      let isAnswered = false
      const answer = hostile.send(ADMIN.email, message.toString('latin1')).finally(() => (isAnswered = true))
      let slowest = 0
      // Set while this loop waits, of which the compiler knows nothing.
      while (!(isAnswered as boolean)) {
        const asked = performance.now()
        const other = await Sender.open(product.ports.inbound)
        other.close()
        slowest = Math.max(slowest, performance.now() - asked)
      }
      const reply = await answer
      verdict.expect(
        reply.startsWith('250') && slowest <= SERVED_WITHIN_MS,
        `${name}: ${reply.slice(0, 3)}; another client waited ${String(Math.round(slowest))} ms at most`,
      )
    }
  }
  const stood = Math.round(await lag())
  verdict.expect(stood <= STANDS_STILL_MS, `the event loop stood still for ${String(stood)} ms (99th percentile)`)
  hostile.close()
} finally {
  await product.dispose()
}
process.exitCode = verdict.good ? 0 : 1
