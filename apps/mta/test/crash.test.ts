import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withDatabases } from '@mairust/db/testing'
import { expect, it } from 'vitest'
import { crash } from './support/crash.ts'

// bench/faults/kill.mjs is the long version.
withDatabases((database) => {
  it(
    'no message acknowledged with 250 is lost when the server is killed under load',
    { timeout: 120_000 },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mairust-crash-'))
      const result = await crash({
        database: database().options,
        folder,
        kills: 3,
        senders: 8,
        most: 60,
      })
      expect(result).toMatchObject({ lost: [], damaged: [], doubled: [] })
      expect(result.acknowledged).toBeGreaterThan(3)
      expect(result.rows).toBeGreaterThanOrEqual(result.acknowledged)
      await rm(folder, { recursive: true, force: true })
    },
  )
})
