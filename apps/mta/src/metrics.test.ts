import { expect, it } from 'vitest'
import { mergeMetrics } from './metrics.ts'

it('two registries become one, the runtime figures of the web process marked', () => {
  const own =
    '# HELP cpu Time.\n# TYPE cpu counter\ncpu 1\n# HELP mairust_a A.\n# TYPE mairust_a counter\nmairust_a{x="1"} 2\n'
  const web =
    '# HELP cpu Time.\n# TYPE cpu counter\ncpu 3\ncpu{kind="gc"} 4\n# HELP mairust_b B.\n# TYPE mairust_b counter\nmairust_b 5\n'
  expect(mergeMetrics(own, web).split('\n')).toEqual([
    '# HELP cpu Time.',
    '# TYPE cpu counter',
    'cpu 1',
    'cpu{process="web"} 3',
    'cpu{process="web",kind="gc"} 4',
    '# HELP mairust_a A.',
    '# TYPE mairust_a counter',
    'mairust_a{x="1"} 2',
    '# HELP mairust_b B.',
    '# TYPE mairust_b counter',
    'mairust_b 5',
    '',
  ])
  expect(mergeMetrics(own, '')).toBe(own)
})
