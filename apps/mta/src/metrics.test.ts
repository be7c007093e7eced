import { Counter, Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { createMetrics, mergeMetrics } from './metrics.ts'

it('samples with equal labels from several processes are merged into one', async () => {
  const own = createMetrics()
  own.authFailures.inc(2)
  own.messages.inc({ listener: 'inbound', result: 'accepted' })
  const web = new Registry()
  const failures = {
    name: 'mairust_auth_failures_total',
    help: 'Wrong passwords and unknown API keys.',
    registers: [web],
  }
  new Counter(failures).inc(3)
  new Counter({ name: 'mairust_b', help: 'B.', labelNames: ['x'], registers: [web] }).inc({ x: '1' }, 4)
  // As the web process sends them.
  const sent = JSON.parse(JSON.stringify(await web.getMetricsAsJSON())) as Awaited<
    ReturnType<typeof web.getMetricsAsJSON>
  >
  const lines = (await mergeMetrics([await own.registry.getMetricsAsJSON(), sent])).split('\n')
  expect(lines.filter((line) => line.includes('mairust_auth_failures_total'))).toEqual([
    '# HELP mairust_auth_failures_total Wrong passwords and unknown API keys.',
    '# TYPE mairust_auth_failures_total counter',
    'mairust_auth_failures_total 5',
  ])
  expect(lines).toContain('mairust_b{x="1"} 4')
  expect(lines).toContain('mairust_smtp_messages_total{listener="inbound",result="accepted"} 1')
  const samples = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.replace(/ \S+$/, ''))
  expect(new Set(samples).size).toBe(samples.length)
})
