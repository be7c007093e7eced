import { defineConfig } from 'vitest/config'

/**
 * The test settings of every package. `overrides` is merged into `test`.
 * With coverage, as in `npm test`, line coverage below 80 % fails the run.
 */
export function packageTests(overrides = {}) {
  return defineConfig({
    test: {
      include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/**/*.test.ts'],
      testTimeout: 90_000,
      hookTimeout: 120_000,
      // Catches what never comes, not what is slow: two packages share two cores.
      expect: { poll: { timeout: 30_000 } },
      coverage: {
        provider: 'v8',
        include: ['src/**/*.{ts,tsx}'],
        exclude: ['src/**/*.test.{ts,tsx}', 'src/**/*.suite.ts', 'src/testing/**', 'src/**/*.d.ts'],
        reporter: ['text-summary', 'json-summary'],
        thresholds: { lines: 80 },
      },
      ...overrides,
    },
  })
}
