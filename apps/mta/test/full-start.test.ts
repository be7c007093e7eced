import { mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@mairust/log'
import { withDatabases } from '@mairust/db/testing'
import { expect, it } from 'vitest'
import { startServer } from './support/server.ts'

withDatabases((database) => {
  it('a start on a full disk says so at once, before any mail comes', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'mairust-full-')), 'lines')
    const log = createLog({ level: 'info', format: 'json', component: 'mta', sync: true, fd: openSync(path, 'w') })
    const server = await startServer(database(), { log, freeBytes: () => Promise.resolve(0) })
    expect(readFileSync(path, 'utf8')).toContain('"message":"The disk is full: all mail gets 452 until there is room"')
    await server.stop()
  })
})
