import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderHolder, FolderLockedError, lockFolder } from './folder-lock.ts'

const MODULE = pathToFileURL(join(import.meta.dirname, 'folder-lock.ts')).href
let folder: string
let holder: ChildProcess | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mairust-lock-'))
})
afterEach(() => {
  holder?.kill('SIGKILL')
  holder = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** Starts another process that holds the folder. */
async function otherServer(): Promise<ChildProcess> {
  const program = `
    const { lockFolder } = await import(${JSON.stringify(MODULE)})
    await lockFolder(${JSON.stringify(folder)})
    console.log('held')
    setInterval(() => undefined, 1000)`
  holder = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (holder.stdout !== null) await once(holder.stdout, 'data')
  return holder
}

describe('a data folder', () => {
  it('has one server: a second is told which process holds it', async () => {
    const first = await otherServer()
    const refused = lockFolder(folder, { waitMs: 0 })
    await expect(refused).rejects.toThrow(FolderLockedError)
    await expect(refused).rejects.toThrow(`(process ${first.pid ?? 0} on ${hostname()}) runs in ${folder}`)
    expect(folderHolder(folder)).toEqual({ pid: first.pid, host: hostname() })
  })

  it('is free again after its server was killed, whatever files remain', async () => {
    const first = await otherServer()
    const next = lockFolder(folder)
    first.kill('SIGKILL')
    const lock = await next
    expect(folderHolder(folder)).toEqual({ pid: process.pid, host: hostname() })
    lock.release()
    expect(folderHolder(folder)).toBeNull()
  })

  it('is not waited for after an abort', async () => {
    await otherServer()
    const ending = new AbortController()
    const waiting = lockFolder(folder, { signal: ending.signal, onWait: () => ending.abort() })
    await expect(waiting).rejects.toThrow(/abort/)
  })

  it('with a damaged lock file names that file', async () => {
    writeFileSync(join(folder, 'mairust.lock'), 'not a database at all, but a text of some length '.repeat(20))
    await expect(lockFolder(folder)).rejects.toThrow('mairust.lock is damaged; remove it')
  })

  it('whose lock cannot be taken names the file and the remedy', async () => {
    mkdirSync(join(folder, 'mairust.lock'))
    await expect(lockFolder(folder)).rejects.toThrow(
      `${join(folder, 'mairust.lock')} cannot be locked (SQLITE_CANTOPEN`,
    )
    await expect(lockFolder(folder)).rejects.toThrow('make the user that MaiRust runs as the owner')
  })

  it('is free where no server has run, or where something else is named like the lock file', () => {
    expect(folderHolder(folder)).toBeNull()
    writeFileSync(join(folder, 'mairust.lock'), 'not a database at all, but a text of some length '.repeat(20))
    expect(folderHolder(folder)).toBeNull()
  })
})
