import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkAccess, checkOwner } from './data-owner.ts'
import { loadConfig } from './load.ts'

const ROOT = 0
const OTHER = 65_534

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mairust-owner-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const config = (env: Record<string, string> = {}) =>
  loadConfig({ env: { MAIRUST_SERVER__DATA_DIR: join(folder, 'data'), ...env }, cwd: folder }).config

/** Makes a folder that is not root's. @returns its owner */
function makeForeign(name: string): number {
  const path = join(folder, name)
  mkdirSync(path, { recursive: true })
  if (process.geteuid?.() === ROOT) chownSync(path, OTHER, OTHER)
  return statSync(path).uid
}

// Whoever is not root makes only files of their own: to the check, the file system then gives every file that owner.
describe.runIf(process.geteuid?.() === ROOT)('root in the data of another user', () => {
  it.each([
    ['data', 'server.data_dir', {}],
    ['mail', 'storage.options.base_path', { MAIRUST_STORAGE__OPTIONS__BASE_PATH: 'mail' }],
  ])('is refused in %s, with the user to run as', (name, setting, env) => {
    const owner = makeForeign(name)
    expect(() => checkOwner(config(env), ROOT)).toThrow(
      `${setting}: ${join(folder, name)} belongs to user ${owner}, whose server cannot use what root creates there; run this as that user (sudo -u '#${owner}' …)`,
    )
    expect(readdirSync(join(folder, name))).toEqual([])
  })

  it("is fine where the data is root's, or does not exist yet", () => {
    expect(() => checkOwner(config(), ROOT)).not.toThrow()
    mkdirSync(join(folder, 'data'))
    expect(() => checkOwner(config(), ROOT)).not.toThrow()
  })
})

it('is not asked about users other than root, whom the system keeps out', () => {
  makeForeign('data')
  expect(() => checkOwner(config(), 1234)).not.toThrow()
})

describe('data that is closed to this user', () => {
  const closed = (code: string) => (): never => {
    throw Object.assign(new Error(code), { code })
  }

  it('is reported with the user to run as', () => {
    const owner = makeForeign('data')
    expect(() => checkAccess(config(), closed('EACCES'))).toThrow(
      `server.data_dir: ${join(folder, 'data')} is closed to this user; run this as user ${owner} (sudo -u '#${owner}' …), or chown -R it`,
    )
  })

  it('is reported when not even its owner can be seen', () => {
    expect(() => checkAccess(config(), closed('EACCES'))).toThrow('run this as another user, or chown -R it')
  })

  it('is none that is missing, read-only or open', () => {
    for (const code of ['ENOENT', 'EROFS']) expect(() => checkAccess(config(), closed(code))).not.toThrow()
    mkdirSync(join(folder, 'data/mail'), { recursive: true })
    expect(() => checkAccess(config())).not.toThrow()
  })
})
