import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** The modules of `scripts/bootstrap/`, in plain JavaScript for older Nodes. */
interface Parts {
  stamp: (root: string, file: string, inputs: string[]) => { isFresh: () => boolean; write: () => void }
  withLock: <T>(file: string, work: () => Promise<T>) => Promise<T>
  isSupportedNode: (version: string) => boolean
}
const part = async (name: string): Promise<Parts> =>
  (await import(pathToFileURL(join(import.meta.dirname, '../../../scripts/bootstrap', name)).href)) as Parts
const [{ stamp }, { withLock }, { isSupportedNode }] = await Promise.all([
  part('stamp.mjs'),
  part('lock.mjs'),
  part('runtime.mjs'),
])

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mairust-prepare-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a build stamp', () => {
  const record = () => stamp(folder, join(folder, 'records/one.json'), ['src', 'package.json', 'absent'])
  beforeEach(() => {
    mkdirSync(join(folder, 'src/deep'), { recursive: true })
    writeFileSync(join(folder, 'src/deep/a.ts'), 'a')
    writeFileSync(join(folder, 'package.json'), '{}')
    record().write()
  })

  it('is fresh until an input changes, appears or disappears', () => {
    expect(record().isFresh()).toBe(true)
    writeFileSync(join(folder, 'src/deep/a.ts'), 'b')
    const changed = record()
    expect(changed.isFresh()).toBe(false)
    changed.write()
    expect(record().isFresh()).toBe(true)
    writeFileSync(join(folder, 'absent'), '')
    expect(record().isFresh()).toBe(false)
  })

  it('ignores tests, and timestamps without a change of content', () => {
    utimesSync(join(folder, 'src/deep/a.ts'), new Date(0), new Date(0))
    writeFileSync(join(folder, 'src/deep/a.test.ts'), 'x')
    expect(record().isFresh()).toBe(true)
  })

  it('detects a change made during the build', () => {
    writeFileSync(join(folder, 'package.json'), '{"a":1}')
    const making = record()
    expect(making.isFresh()).toBe(false)
    writeFileSync(join(folder, 'src/deep/a.ts'), 'changed meanwhile')
    making.write()
    expect(record().isFresh()).toBe(false)
  })
})

describe('the lock', () => {
  it('admits one at a time', async () => {
    const lock = join(folder, 'lock')
    const log: string[] = []
    const work = (name: string) => async (): Promise<void> => {
      log.push(`${name} in`)
      await new Promise((resolve) => void setTimeout(resolve, 20))
      log.push(`${name} out`)
    }
    await Promise.all([withLock(lock, work('a')), withLock(lock, work('b'))])
    expect(log).toEqual(['a in', 'a out', 'b in', 'b out'])
    expect(existsSync(lock)).toBe(false)
  })

  it('is taken over from a dead process, and released after a failure', async () => {
    const lock = join(folder, 'lock')
    writeFileSync(lock, '4194305')
    expect(await withLock(lock, () => Promise.resolve('done'))).toBe('done')
    await expect(withLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(existsSync(lock)).toBe(false)
  })
})

it.each([
  ['20.20.2', false],
  ['22.22.1', false],
  ['22.22.2', true],
  ['23.9.0', false],
  ['24.14.9', false],
  ['24.15.0', true],
  ['25.0.0', false],
  ['26.0.0', true],
])('Node %s is supported: %s', (version, expected) => expect(isSupportedNode(version)).toBe(expected))
