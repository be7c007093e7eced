import { type Database, openDatabase } from '@mairust/db'
import { createTestDatabase } from '@mairust/db/testing'
import { afterAll, beforeAll } from 'vitest'
import { makeWorld, startServer, type TestServer } from './server.ts'

type World = Awaited<ReturnType<typeof makeWorld>>

/** A server on a fresh SQLite database for a suite whose subject is the wire. */
export function useServer(overrides: Parameters<typeof startServer>[1] = {}): {
  server: () => TestServer
  world: () => World
} {
  let open: { database: Database; server: TestServer; world: World } | null = null
  const get = (): NonNullable<typeof open> => {
    if (open === null) throw new Error('the server runs in tests only')
    return open
  }
  beforeAll(async () => {
    const { options } = await createTestDatabase('sqlite')
    const database = await openDatabase(options)
    const world = await makeWorld(database)
    open = { database, world, server: await startServer(database, overrides) }
  })
  afterAll(async () => {
    await open?.server.stop()
    await open?.database.close()
  })
  return { server: () => get().server, world: () => get().world }
}
