import { openDatabase } from '@mairust/db'
import { changedTables, type Contents, contentsOf, createTestDatabase, withDatabases } from '@mairust/db/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { routesOf } from '../rest/routes.ts'
import { makeTestApi, type TestApi } from '../testing/api.ts'
import { makeWorld, type World } from '../testing/world.ts'
import { appRouter } from '../trpc/root.ts'
import { actionsOf } from '../verb/index.ts'
import { type Audited, INSTALLATION_WIDE, prepare } from './audited.fixtures.ts'
import * as services from '../services/index.ts'

/** Functions that are neither verb nor job. A new line is a decision: say that it writes nothing, or how the audit log learns of it. */
const OTHERS = {
  AppError: 'an error',
  checkHealth: 'only reads',
  createFailureLimit: 'makes a value',
  createRuntime: 'makes a value',
  isSetupNeeded: 'only reads',
  mailScope: 'makes a value',
  openMasterKey: 'stores the fingerprint of the key, before there is a user or a tenant',
  systemActor: 'makes a value',
  systemContext: 'makes a value',
  logRefusedLogin: 'logs',
  verifyLogin: 'audits refused logins and lock-outs itself',
}

/** Verbs that write nothing but their audit entry, as seen here: on PostgreSQL jobs are in tables that are not ours. */
const ENTRY_ALONE = ['beginImport', 'cancelJob', 'retryJob']

const isAudited = (entry: [string, unknown]): entry is [string, Audited] =>
  typeof entry[1] === 'function' && 'audit' in entry[1]
const audited = Object.entries<unknown>(services).filter(isAudited)
const writing = audited.flatMap(([name, { audit }]) => (audit === undefined ? [] : [{ name, audit }]))
const reading = audited.flatMap(([name, { audit }]) => (audit === undefined ? [{ name }] : []))

/** Actions of the entries that are new in the audit log. */
const newActions = (before: Contents, after: Contents): string[] => {
  const known = new Set(before.auditEntries.split('\n'))
  const lines = after.auditEntries.split('\n').filter((line) => line !== '' && !known.has(line))
  return lines.map((line) => (JSON.parse(line) as { action: string }).action)
}

it('every function of the services is a verb or a job, or is on the list of others', () => {
  const functions = Object.entries<unknown>(services).filter(([, value]) => typeof value === 'function')
  const others = functions.filter((entry) => !isAudited(entry)).map(([name]) => name)
  expect(others.sort()).toEqual(Object.keys(OTHERS).sort())
})

it('operations with GET call a verb that changes nothing, all others one that declares its audit entry', () => {
  for (const { meta, method, procedure } of routesOf(appRouter)) {
    expect(meta.verb, procedure).toBeDefined()
    expect(meta.verb?.audit === undefined, procedure).toBe(method === 'GET')
  }
})

withDatabases((get) => {
  /** The tables that a call changed, and the actions that it left in the audit log. */
  const observe = async ({ database }: TestApi, call: () => Promise<unknown>) => {
    const before = await contentsOf(database.db)
    await call()
    const after = await contentsOf(database.db)
    const written = changedTables(before, after).filter((name) => name !== 'auditEntries')
    return { written, actions: newActions(before, after) }
  }

  /** The same for a verb or job, in a world or an installation of its own. */
  const observeVerb = async (name: string) => {
    const prepareInstallation = INSTALLATION_WIDE[name]
    if (prepareInstallation === undefined) {
      const test = makeTestApi(get())
      const found = audited.find(([one]) => one === name) ?? fail()
      return observe(test, await prepare(test, await makeWorld(test), found))
    }
    const { options, drop } = await createTestDatabase(get().dialect)
    const database = await openDatabase(options)
    try {
      const test = makeTestApi(database)
      return await observe(test, await prepareInstallation(test))
    } finally {
      await database.close()
      await drop()
    }
  }

  describe('a verb or job that writes leaves the audit entry that it declares:', () => {
    it.each(writing)('$name', async ({ name, audit }) => {
      const { written, actions } = await observeVerb(name)
      if (!ENTRY_ALONE.includes(name)) expect(written).not.toEqual([])
      const own = actions.filter((action) => action !== 'mailbox.read')
      const allowed = actionsOf(audit)
      if (allowed.length > 0) expect(own).not.toEqual([])
      expect(own.filter((action) => !allowed.includes(action))).toEqual([])
    })
  })

  describe('a verb that declares no entry writes nothing except that mail was read:', () => {
    let test: TestApi
    let world: World
    beforeAll(async () => {
      test = makeTestApi(get())
      world = await makeWorld(test)
    })

    it.each(reading)('$name', async ({ name }) => {
      const found = audited.find(([one]) => one === name) ?? fail()
      const { written, actions } = await observe(test, await prepare(test, world, found))
      expect(written).toEqual([])
      expect(actions.filter((action) => action !== 'mailbox.read')).toEqual([])
    })
  })
})

const fail = (): never => {
  throw new Error('there is no such verb')
}
