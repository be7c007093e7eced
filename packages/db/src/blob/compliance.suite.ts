import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { beforeEach, describe, expect, it } from 'vitest'
import { BlobNotFoundError, blobKey, type BlobStore, BlobStoreError } from './blob.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const all = async (keys: AsyncIterable<string>): Promise<string[]> => {
  const found: string[] = []
  for await (const key of keys) found.push(key)
  return found
}

/** The behaviour of every blob store. `open` returns an empty one that dates objects by the real clock. */
export function blobStoreCompliance(name: string, open: () => Promise<BlobStore>): void {
  describe(`blob store: ${name}`, () => {
    let store: BlobStore
    beforeEach(async () => {
      store = await open()
    })

    it('returns the stored bytes, with their size and hash', async () => {
      const bytes = Buffer.from([0, 255, 13, 10, 128, 0])
      const key = blobKey(new Date())
      expect(await store.put(key, bytes)).toEqual({ size: 6, sha256: sha256(bytes) })
      expect(await store.read(key)).toEqual(bytes)
      expect(await buffer(await store.get(key))).toEqual(bytes)
      expect(await store.has(key)).toBe(true)
    })

    it('stores an empty object', async () => {
      const key = blobKey(new Date())
      expect((await store.put(key, Buffer.alloc(0))).size).toBe(0)
      expect(await store.read(key)).toHaveLength(0)
    })

    it('stores several at once, in the order given', async () => {
      const objects = Array.from({ length: 20 }, (_, at) => ({ key: blobKey(new Date()), bytes: Buffer.alloc(at, at) }))
      expect(await store.putAll(objects)).toEqual(
        objects.map(({ bytes }) => ({ size: bytes.length, sha256: sha256(bytes) })),
      )
      for (const { key, bytes } of objects) expect(await store.read(key)).toEqual(bytes)
      expect(await store.putAll([])).toEqual([])
      await expect(store.putAll([{ key: '../x', bytes: Buffer.alloc(1) }])).rejects.toThrow(BlobStoreError)
    })

    it('accepts a stream, even one that reuses its buffer', async () => {
      const shared = Buffer.alloc(70_000)
      async function* pieces(): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < 40; at += 1) yield await Promise.resolve(shared.fill(at))
      }
      const expected = Buffer.concat(Array.from({ length: 40 }, (_, at) => Buffer.alloc(70_000, at)))
      const key = blobKey(new Date())
      expect(await store.put(key, pieces())).toEqual({ size: expected.length, sha256: sha256(expected) })
      expect((await store.read(key)).equals(expected)).toBe(true)
    })

    it('returns ranges', async () => {
      const key = blobKey(new Date())
      await store.put(key, Buffer.from('0123456789'))
      const range = async (start: number, end?: number) =>
        (await buffer(await store.get(key, { start, end }))).toString()
      expect(await range(3)).toBe('3456789')
      expect(await range(3, 5)).toBe('345')
      expect(await range(9, 99)).toBe('9')
      await expect(store.get(key, { start: 10 })).rejects.toThrow(RangeError)
      await expect(store.get(key, { start: -1 })).rejects.toThrow(RangeError)
    })

    it('leaves nothing when the source fails, and throws its error', async () => {
      const failure = new Error('the sender went away')
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield await Promise.resolve(Buffer.from('half'))
        throw failure
      }
      const key = blobKey(new Date())
      await expect(store.put(key, broken())).rejects.toBe(failure)
      expect(await store.has(key)).toBe(false)
      await expect(store.read(key)).rejects.toThrow(BlobNotFoundError)
    })

    it('deletes objects, even missing ones', async () => {
      const key = blobKey(new Date())
      await store.put(key, Buffer.from('x'))
      await store.delete(key)
      await store.delete(key)
      expect(await store.has(key)).toBe(false)
      await expect(store.get(key)).rejects.toThrow(BlobNotFoundError)
    })

    it('refuses keys that it did not create', async () => {
      const good = blobKey(new Date())
      const bad = [
        '',
        '../secret',
        `${good}/../../x`,
        `/${good}`,
        `${good}\0`,
        good.toUpperCase().replace('2', 'X'),
        `tmp/${good}`,
      ]
      for (const key of bad) {
        await expect(store.put(key, Buffer.from('x'))).rejects.toThrow(BlobStoreError)
        await expect(store.read(key)).rejects.toThrow(BlobStoreError)
        await expect(store.has(key)).rejects.toThrow(BlobStoreError)
        await expect(store.delete(key)).rejects.toThrow(BlobStoreError)
      }
    })

    it('lists objects older than a time, and skips the hours before another', async () => {
      const now = new Date()
      const today = blobKey(now)
      const before = blobKey(new Date(now.getTime() - 50 * 3_600_000))
      await store.put(today, Buffer.from('a'))
      await store.put(before, Buffer.from('b'))
      const later = new Date(now.getTime() + 60_000)
      expect((await all(store.list(later))).sort()).toEqual([before, today].sort())
      expect(await all(store.list(later, new Date(now.getTime() - 3_600_000)))).toEqual([today])
      expect(await all(store.list(new Date(now.getTime() - 60_000)))).toEqual([])
    })

    it('stores many at once', async () => {
      const keys = Array.from({ length: 100 }, () => blobKey(new Date()))
      await Promise.all(keys.map((key) => store.put(key, Buffer.from(key))))
      for (const key of keys) expect((await store.read(key)).toString()).toBe(key)
      await store.ready()
    })
  })
}
