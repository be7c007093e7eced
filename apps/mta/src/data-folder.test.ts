import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@mairust/config'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderError, makeFolders } from './data-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mairust-data-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const config = (env: Record<string, string> = {}) =>
  loadConfig({ env: { MAIRUST_SERVER__DATA_DIR: join(folder, 'data'), ...env }, cwd: folder }).config

describe('data folders', () => {
  it('are created if missing, and left empty', async () => {
    await makeFolders(config())
    expect(readdirSync(join(folder, 'data'))).toEqual(['mail'])
    expect(readdirSync(join(folder, 'data/mail'))).toEqual([])
  })

  it('name their setting when they cannot be created', async () => {
    writeFileSync(join(folder, 'file'), '')
    await expect(makeFolders(config({ MAIRUST_SERVER__DATA_DIR: 'file/data' }))).rejects.toThrow(
      `${join(folder, 'file/data')} or one of its parents is not a folder; move that file away, or set server.data_dir`,
    )
    const mail = { MAIRUST_STORAGE__OPTIONS__BASE_PATH: 'file/mail' }
    await expect(makeFolders(config(mail))).rejects.toThrow('set storage.options.base_path to another folder')
    await expect(makeFolders(config({ MAIRUST_DATABASE__PATH: 'file/x/db' }))).rejects.toThrow('set database.path')
  })

  it.each([
    ['EACCES', /^\/data is not writable by this user \(.+\); chown it to that user, or set server\.data_dir/],
    ['EROFS', /^\/data is on a volume that is mounted read-only; remount it read-write, or set server\.data_dir/],
    ['ENOSPC', /^No space left on the volume of \/data; free some, or set server\.data_dir/],
    ['ENOENT', /^\/data leads to a folder that does not exist; mount its volume/],
    ['EIO', /^\/data cannot be used \(EIO\)/],
  ])('explain %s and what to do about it', (code, message) => {
    expect(folderError('/data', 'server.data_dir', Object.assign(new Error('x'), { code })).message).toMatch(message)
  })
})
