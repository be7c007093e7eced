import { type Database, openDatabase } from '@mairust/db'
import { createTestDatabase } from '@mairust/db/testing'
import { afterAll, beforeAll } from 'vitest'
import { makeWorld, startServer, type TestServer } from './server.ts'

export type World = Awaited<ReturnType<typeof makeWorld>>

/** A suite's fixtures; available in tests and hooks only. */
interface Suite {
  readonly server: () => TestServer
  readonly world: () => World
}

type Overrides = Parameters<typeof startServer>[1]

/** A server and a tenant with one mailbox, on the suite's database. */
export function useServerOn(database: () => Database, overrides: Overrides = {}): Suite {
  let open: { server: TestServer; world: World } | null = null
  const get = (): NonNullable<typeof open> => {
    if (open === null) throw new Error('the server is available in tests only')
    return open
  }
  beforeAll(async () => {
    const world = await makeWorld(database())
    open = { world, server: await startServer(database(), overrides) }
  })
  afterAll(() => open?.server.stop())
  return { server: () => get().server, world: () => get().world }
}

/** The same on a fresh SQLite database, for suites about the protocol. */
export function useServer(overrides: Overrides = {}): Suite {
  let database: Database | null = null
  beforeAll(async () => {
    const { options } = await createTestDatabase('sqlite')
    database = await openDatabase(options)
  })
  afterAll(() => database?.close())
  return useServerOn(() => {
    if (database === null) throw new Error('the database is available in tests only')
    return database
  }, overrides)
}
