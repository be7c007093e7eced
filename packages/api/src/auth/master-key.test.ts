import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@mairust/config'
import { makeTenant, withDatabases } from '@mairust/db/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMasterKey } from './master-key.ts'

withDatabases((get) => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mairust-key-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const file = () => join(folder, 'data/master.key')
  const open = (env: Record<string, string> = {}, acceptNew = false) =>
    openMasterKey({
      config: loadConfig({ env: { NODE_ENV: 'test', ...env }, cwd: folder }).config,
      db: get().db,
      now: () => new Date(),
      acceptNew,
    })

  // One test: the life of a database from its first start on.
  describe('the master key of a database', () => {
    it('is created once, required from then on, and told from another key', async () => {
      const key = await open()
      expect(await open()).toEqual(key)
      await makeTenant(get().db)
      const kept = readFileSync(file())

      rmSync(file())
      await expect(open()).rejects.toThrow(
        `${file()}: security.master_key: is missing, and the database was used with it`,
      )
      await expect(open()).rejects.toThrow('put the key from your backup there, or set MAIRUST_MASTER_KEY')
      const other = Buffer.alloc(32, 1).toString('base64')
      await expect(open({ MAIRUST_MASTER_KEY: other })).rejects.toThrow(
        'MAIRUST_MASTER_KEY: security.master_key: is not the key that the database was used with',
      )
      writeFileSync(file(), other)
      await expect(open()).rejects.toThrow(`${file()}: security.master_key: is not the key`)

      writeFileSync(file(), kept)
      expect(await open()).toEqual(key)
      expect(await open({ MAIRUST_MASTER_KEY: key.toString('base64') })).toEqual(key)

      rmSync(file())
      const fresh = await open({}, true)
      expect(fresh).not.toEqual(key)
      expect(await open()).toEqual(fresh)
    })
  })
})
