import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ensureMasterKey } from './master-key.ts'
import { configSchema } from './schema/index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mairust-key-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const config = (master_key?: string) =>
  configSchema.parse({ server: { data_dir: join(folder, 'data') }, security: { master_key } })

it('creates a key once, readable by its owner only', () => {
  const key = ensureMasterKey(config())
  expect(key).toHaveLength(32)
  expect(ensureMasterKey(config())).toEqual(key)
  expect(readdirSync(join(folder, 'data'))).toEqual(['master.key'])
  expect(statSync(join(folder, 'data/master.key')).mode & 0o777).toBe(0o600)
})

it('uses the configured key and leaves the folder alone', () => {
  const key = Buffer.alloc(32, 9)
  expect(ensureMasterKey(config(key.toString('base64url')))).toEqual(key)
  expect(readdirSync(folder)).toEqual([])
})

it('that cannot be read is reported with file, reason and remedy', () => {
  mkdirSync(join(folder, 'data/master.key'), { recursive: true })
  expect(() => ensureMasterKey(config())).toThrow(
    `${join(folder, 'data/master.key')}: security.master_key: the user that MaiRust runs as cannot read the file (EISDIR); chown it`,
  )
})

it('refuses a file without a valid key', () => {
  ensureMasterKey(config())
  writeFileSync(join(folder, 'data/master.key'), 'x')
  expect(() => ensureMasterKey(config())).toThrow('restore it from a backup')
})
