import { defineConfig } from 'vitest/config'

/**
 * Settings of every package's tests. `overrides` is merged into `test`.
 * Line coverage under 80 % of any package fails the run when coverage is on (`npm test` switches it on).
 */
export function packageTests(overrides = {}) {
  return defineConfig({
    test: {
      include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/**/*.test.ts'],
      testTimeout: 90_000,
      hookTimeout: 120_000,
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
