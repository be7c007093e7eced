import { openDatabase } from '@mairust/db'
import { changedTables, type Contents, contentsOf, createTestDatabase, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { routesOf } from '../rest/routes.ts'
import { makeTestApi, type TestApi } from '../testing/api.ts'
import { makeWorld, type World } from '../testing/world.ts'
import { appRouter } from '../trpc/root.ts'
import { actionsOf } from '../verb/index.ts'
import { type Marked, OF_ALL, prepare } from './audited.fixtures.ts'
import * as services from '../services/index.ts'

/** What is no verb and no job. A new line here is a decision: it writes nothing, or says how that gets into the audit log. */
const OTHERS = {
  AppError: 'an error',
  checkHealth: 'asks',
  createRuntime: 'opens',
  isSetupNeeded: 'asks',
  mailScope: 'names',
  openMasterKey: 'keeps by what the same key is known again, before there is anybody to be told',
  systemActor: 'names',
  systemContext: 'names',
  verifyLogin: 'puts refused logins and locks into the audit log itself',
}

/** Whose whole work is its entry. */
const ENTRY_ALONE = ['beginImport']

const isMarked = (entry: [string, unknown]): entry is [string, Marked] =>
  typeof entry[1] === 'function' && 'audit' in entry[1]
const marked = Object.entries<unknown>(services).filter(isMarked)
const writing = marked.flatMap(([name, { audit }]) => (audit === undefined ? [] : [{ name, audit }]))
const reading = marked.flatMap(([name, { audit }]) => (audit === undefined ? [{ name }] : []))

/** Actions of the entries that came to the audit log. */
const newActions = (before: Contents, after: Contents): string[] => {
  const known = new Set(before.auditEntries.split('\n'))
  const lines = after.auditEntries.split('\n').filter((line) => line !== '' && !known.has(line))
  return lines.map((line) => (JSON.parse(line) as { action: string }).action)
}

it('what the services do is a verb or a job, or said to be something else', () => {
  const functions = Object.entries<unknown>(services).filter(([, value]) => typeof value === 'function')
  const others = functions.filter((entry) => !isMarked(entry)).map(([name]) => name)
  expect(others.sort()).toEqual(Object.keys(OTHERS).sort())
})

it('who asks by GET changes nothing, and who asks otherwise calls a verb that does', () => {
  for (const { meta, method, procedure } of routesOf(appRouter)) {
    expect(meta.verb, procedure).toBeDefined()
    expect(meta.verb?.audit === undefined, procedure).toBe(method === 'GET')
  }
})

withDatabases((get) => {
  /** Which tables a call changed, and the actions that it left in the audit log. */
  const look = async ({ database }: TestApi, call: () => Promise<unknown>) => {
    const before = await contentsOf(database.db)
    await call()
    const after = await contentsOf(database.db)
    const written = changedTables(before, after).filter((name) => name !== 'auditEntries')
    return { written, actions: newActions(before, after) }
  }

  /** The same of a verb or job, in a world or an installation of its own. */
  const lookAt = async (name: string) => {
    const ofAll = OF_ALL[name]
    if (ofAll === undefined) {
      const test = makeTestApi(get())
      const found = marked.find(([one]) => one === name) ?? fail()
      return look(test, await prepare(test, await makeWorld(test), found))
    }
    const { options, drop } = await createTestDatabase(get().dialect)
    const database = await openDatabase(options)
    try {
      const test = makeTestApi(database)
      return await look(test, await ofAll(test))
    } finally {
      await database.close()
      await drop()
    }
  }

  describe('what writes also leaves the audit entry that it says it leaves:', () => {
    it.each(writing)('$name', async ({ name, audit }) => {
      const { written, actions } = await lookAt(name)
      if (!ENTRY_ALONE.includes(name)) expect(written).not.toEqual([])
      const told = actions.filter((action) => action !== 'mailbox.read')
      const allowed = actionsOf(audit)
      if (allowed.length > 0) expect(told).not.toEqual([])
      expect(told.filter((action) => !allowed.includes(action))).toEqual([])
    })
  })

  describe('what says of no entry writes nothing but that mail was read:', () => {
    let test: TestApi
    let world: World
    beforeAll(async () => {
      test = makeTestApi(get())
      world = await makeWorld(test)
    })

    it.each(reading)('$name', async ({ name }) => {
      const found = marked.find(([one]) => one === name) ?? fail()
      const { written, actions } = await look(test, await prepare(test, world, found))
      expect(written).toEqual([])
      expect(actions.filter((action) => action !== 'mailbox.read')).toEqual([])
    })
  })
})

const fail = (): never => {
  throw new Error('there is no such verb')
}
