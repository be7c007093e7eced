import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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

/** Another process that holds the folder. */
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
  it('has one server: the second is told which process holds it', async () => {
    const first = await otherServer()
    const refused = lockFolder(folder, { patience: 0 })
    await expect(refused).rejects.toThrow(FolderLockedError)
    await expect(refused).rejects.toThrow(`(process ${first.pid ?? 0} on ${hostname()}) runs in ${folder}`)
    expect(folderHolder(folder)).toEqual({ pid: first.pid, host: hostname() })
  })

  it('is free again when its server was killed, whatever lies there', async () => {
    const first = await otherServer()
    const next = lockFolder(folder)
    first.kill('SIGKILL')
    const lock = await next
    expect(folderHolder(folder)).toEqual({ pid: process.pid, host: hostname() })
    lock.release()
    expect(folderHolder(folder)).toBeNull()
  })

  it('is waited for no longer than somebody wants it', async () => {
    await otherServer()
    const ending = new AbortController()
    const waiting = lockFolder(folder, { signal: ending.signal, onWait: () => ending.abort() })
    await expect(waiting).rejects.toThrow(/abort/)
  })

  it('whose lock file is damaged says which file it is', async () => {
    writeFileSync(join(folder, 'mairust.lock'), 'not a database at all, but a text of some length '.repeat(20))
    await expect(lockFolder(folder)).rejects.toThrow('mairust.lock is damaged; remove it')
  })

  it('is nobody’s where no server has been, or where something else has the name', () => {
    expect(folderHolder(folder)).toBeNull()
    writeFileSync(join(folder, 'mairust.lock'), 'not a database at all, but a text of some length '.repeat(20))
    expect(folderHolder(folder)).toBeNull()
  })
})
