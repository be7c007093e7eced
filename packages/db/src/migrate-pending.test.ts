import { expect, it } from 'vitest'
import { openDatabase } from './client/open.ts'
import { readMigrations } from './migrate.ts'
import { createTestDatabase, withDatabases } from './testing/index.ts'

withDatabases((get) => {
  it('a start tells what it is about to apply, once, and nothing when nothing is pending', async () => {
    const { options, drop } = await createTestDatabase(get().dialect, { empty: true })
    const told: (readonly string[])[] = []
    const settings = { migrate: true, onPending: (tags: readonly string[]) => void told.push(tags) }
    for (let starts = 0; starts < 2; starts += 1) await (await openDatabase(options, settings)).close()
    expect(told).toEqual([readMigrations(get().dialect).map(({ tag }) => tag)])
    await drop()
  })
})
