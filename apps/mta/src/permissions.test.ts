import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@mairust/config'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { restrictPermissions } from './permissions.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mairust-mode-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
const config = () => loadConfig({ env: { MAIRUST_SERVER__DATA_DIR: join(folder, 'data') }, cwd: folder }).config
async function restrict(signal = new AbortController().signal) {
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  await (
    await restrictPermissions(config(), log, signal)
  ).rest
  return log.warn
}

/** Creates files with the modes that a start without a umask leaves. */
function loose(...paths: string[]): string[] {
  const whole = paths.map((path) => join(folder, 'data', path))
  for (const path of whole) {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, 'x')
    chmodSync(path, 0o644)
  }
  for (const name of ['data', 'data/mail', 'data/mail/2026', 'data/tls'])
    if (existsSync(join(folder, name))) chmodSync(join(folder, name), 0o755)
  return whole
}

describe('a data folder that others could read', () => {
  it('is closed to them, with one log line', async () => {
    const files = loose('mairust.db', 'mairust.db-wal', 'master.key', 'mail/2026/one', 'mail/2026/two', 'tls/self.key')
    const warn = await restrict()
    for (const file of files) expect([file, modeOf(file)]).toEqual([file, '600'])
    for (const name of ['data', 'data/mail', 'data/mail/2026', 'data/tls'])
      expect([name, modeOf(join(folder, name))]).toEqual([name, '700'])
    expect(warn).toHaveBeenCalledOnce()
    expect(warn).toHaveBeenCalledWith(
      { closed: expect.arrayContaining([join(folder, 'data/mairust.db')]) as string[], below: 4 },
      expect.stringContaining('other users of this machine could read'),
    )
    expect(await restrict()).not.toHaveBeenCalled()
  })

  it('is closed at once, before the files in it', async () => {
    const [message = ''] = loose('mail/2026/one')
    expect(await restrict(AbortSignal.abort())).not.toHaveBeenCalled()
    expect(modeOf(join(folder, 'data/mail'))).toBe('700')
    expect(modeOf(message)).toBe('644')
  })

  it('leaves the target of a symbolic link alone', async () => {
    const [other = ''] = loose('other')
    loose('mail/2026/one')
    symlinkSync(other, join(folder, 'data/mail/2026/link'))
    await restrict()
    expect(modeOf(other)).toBe('644')
  })

  it('may be missing', async () => {
    expect(await restrict()).not.toHaveBeenCalled()
  })
})
