import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blobKey, BlobStoreError } from './blob.ts'
import { blobStoreCompliance } from './compliance.suite.ts'
import { Directories } from './directories.ts'
import { fsBlobStore } from './fs.ts'
import { openBlobStore } from './index.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mairust-blob-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))
const fresh = () => mkdtemp(join(root, 'store-'))

blobStoreCompliance('fs', async () => openBlobStore({ backend: 'fs', options: { base_path: await fresh() } }))

describe('files', () => {
  it('leaves nothing in tmp, whatever happens', async () => {
    const base = await fresh()
    const store = await fsBlobStore(base)
    await store.put(blobKey(new Date()), Buffer.from('x'))
    // eslint-disable-next-line require-yield, @typescript-eslint/require-await -- a source that fails before its first piece
    async function* broken(): AsyncGenerator<Uint8Array> {
      throw new Error('gone')
    }
    await expect(store.put(blobKey(new Date()), broken())).rejects.toThrow('gone')
    expect(await readdir(join(base, 'tmp'))).toEqual([])
  })

  it('leaves no object and no draft when a folder cannot be synced', async () => {
    const base = await fresh()
    const now = new Date()
    const folder = join(base, blobKey(now).slice(0, 13))
    for (const broken of [folder, base]) {
      let failing = false
      const directories = new Directories((path) =>
        failing && path === broken ? Promise.reject(new Error('EIO')) : Promise.resolve(),
      )
      const store = await fsBlobStore(base, { directories })
      failing = true
      await expect(store.put(blobKey(now), Buffer.from('x'))).rejects.toThrow(BlobStoreError)
      const objects = Array.from({ length: 30 }, () => ({ key: blobKey(now), bytes: Buffer.alloc(300_000) }))
      await expect(store.putAll(objects)).rejects.toThrow(BlobStoreError)
      const entries = await readdir(base, { recursive: true, withFileTypes: true })
      expect(entries.filter((entry) => entry.isFile())).toEqual([])
    }
  })

  it('removes leftovers of dead processes when it opens, and no younger files', async () => {
    const base = await fresh()
    await fsBlobStore(base)
    const old = new Date(Date.now() - 46 * 60_000)
    await writeFile(join(base, 'tmp', 'left'), 'x')
    await utimes(join(base, 'tmp', 'left'), old, old)
    await writeFile(join(base, 'tmp', 'busy'), 'x')
    await fsBlobStore(base)
    expect(await readdir(join(base, 'tmp'))).toEqual(['busy'])
  })

  it('removes leftovers while it is open too', async () => {
    const base = await fresh()
    const store = await fsBlobStore(base)
    const old = new Date(Date.now() - 46 * 60_000)
    for (const name of ['left', 'busy']) await writeFile(join(base, 'tmp', name), 'x')
    await utimes(join(base, 'tmp', 'left'), old, old)
    await store.removeUnfinished(new Date(Date.now() - 45 * 60_000))
    expect(await readdir(join(base, 'tmp'))).toEqual(['busy'])
  })

  it('continues after a folder was removed', async () => {
    const base = await fresh()
    const store = await fsBlobStore(base)
    const now = new Date()
    await store.put(blobKey(now), Buffer.from('x'))
    await rm(join(base, now.toISOString().slice(0, 4)), { recursive: true })
    await expect(store.put(blobKey(now), Buffer.from('x'))).rejects.toMatchObject({ name: 'BlobStoreError' })
    await store.put(blobKey(now), Buffer.from('x'))
    await rm(join(base, now.toISOString().slice(0, 4)), { recursive: true })
    const objects = [{ key: blobKey(now), bytes: Buffer.from('x') }]
    await expect(store.putAll(objects)).rejects.toMatchObject({ name: 'BlobStoreError' })
    expect(await readdir(join(base, 'tmp'))).toEqual([])
    await store.putAll(objects)
  })

  it('reports that S3 is not available yet', async () => {
    const storage = { backend: 's3' } as Parameters<typeof openBlobStore>[0]
    await expect(openBlobStore(storage)).rejects.toThrow('not available yet')
  })

  it('resolves a put only after a sync of its folder that started after the rename', async () => {
    const base = await fresh()
    const events: string[] = []
    const directories = new Directories(async (path) => {
      events.push(`begin ${path}`)
      await new Promise((resolve) => void setImmediate(resolve))
      events.push(`end ${path}`)
    })
    const store = await fsBlobStore(base, { directories })
    const now = new Date()
    const folder = join(base, blobKey(now).slice(0, 13))
    await store.put(blobKey(now), Buffer.from('x'))
    events.length = 0
    await Promise.all(Array.from({ length: 20 }, () => store.put(blobKey(now), Buffer.from('x'))))
    const begun = events.filter((event) => event === `begin ${folder}`).length
    expect(begun).toBeGreaterThan(0)
    expect(begun).toBeLessThan(20)
    expect(events.at(-1)).toBe(`end ${folder}`)
  })
})

describe('shared syncs', () => {
  it('serves all calls during a running sync with the next one', async () => {
    const runs: PromiseWithResolvers<void>[] = []
    const directories = new Directories(() => {
      const run: PromiseWithResolvers<void> = Promise.withResolvers()
      runs.push(run)
      return run.promise
    })
    const done: string[] = []
    const first = directories.sync('/d').then(() => done.push('first'))
    await Promise.resolve()
    const second = directories.sync('/d').then(() => done.push('second'))
    const third = directories.sync('/d').then(() => done.push('third'))
    expect(runs).toHaveLength(1)
    runs[0]?.resolve()
    await first
    expect(done).toEqual(['first'])
    await expect.poll(() => runs.length).toBe(2)
    runs[1]?.resolve()
    await Promise.all([second, third])
    expect(runs).toHaveLength(2)
  })

  it('rejects the callers of a failed sync, and no later ones', async () => {
    let broken = true
    const directories = new Directories(() => (broken ? Promise.reject(new Error('EIO')) : Promise.resolve()))
    await expect(directories.sync('/d')).rejects.toThrow('EIO')
    broken = false
    await directories.sync('/d')
  })
})
