import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '../migrate.ts'
import { runAdmin } from './admin.ts'
import { startPostgres } from './postgres-server.ts'

/** Migrated databases for suites to copy. */
export interface TestTemplates {
  /** Folder for files of this run. */
  folder: string
  sqlite: string
  /** Null without a server. */
  postgres: { admin: string; template: string; prefix: string } | null
}

declare module 'vitest' {
  interface ProvidedContext {
    mairustTemplates: TestTemplates
  }
}

/** Creates a migrated template of each database, once per test run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'mairust-db-'))
  const sqlite = join(folder, 'template.db')
  const server = await startPostgres({ url: process.env['MAIRUST_TEST_DATABASE_URL'] })
  const prefix = `mairust_test_${randomBytes(6).toString('hex')}`
  const template = `${prefix}_template`
  await migrate({ backend: 'sqlite', path: sqlite })
  if (server !== null) {
    await runAdmin(server.url('postgres'), `create database ${template}`)
    await migrate({ backend: 'postgres', url: server.url(template) })
  }
  const postgres = server === null ? null : { admin: server.url('postgres'), template, prefix }
  project.provide('mairustTemplates', { folder, sqlite, postgres })
  return async () => {
    if (server !== null) {
      await runAdmin(server.url('postgres'), `drop database if exists ${template} with (force)`)
      await server.stop()
    }
    await rm(folder, { recursive: true, force: true })
  }
}
