import { defineConfig } from '@playwright/test'
import { chromiumPath } from './chromium.mjs'
import { DATABASES } from './fixtures/database.ts'
import type { WorkerOptions } from './fixtures/test.ts'

const executablePath = chromiumPath()

export default defineConfig<object, WorkerOptions>({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  fullyParallel: false,
  workers: 2,
  forbidOnly: true,
  retries: 0,
  // Catches hanging tests, not slow ones: two tests and their servers share two cores.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  outputDir: 'test-results',
  projects: DATABASES.map((database) => ({ name: database, use: { database } })),
  use: {
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    locale: 'en-US',
    timezoneId: 'UTC',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
