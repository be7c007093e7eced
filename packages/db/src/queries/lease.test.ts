import { describe, expect, it } from 'vitest'
import { withDatabases } from '../testing/index.ts'
import { releaseLease, takeLease } from './lease.ts'

withDatabases((get) => {
  describe('a job for one process at a time', () => {
    const take = (job: string, holder: string, at: number) =>
      takeLease(get().db, { job, holder, now: new Date(at), forMs: 1000 })

    it('belongs to one holder, who may renew the lease, until it expires', async () => {
      expect(await take('one', 'a', 0)).toBe(true)
      expect(await take('one', 'b', 999)).toBe(false)
      expect(await take('one', 'a', 900)).toBe(true)
      expect(await take('one', 'b', 1500)).toBe(false)
      expect(await take('other', 'b', 1500)).toBe(true)
      expect(await take('one', 'b', 1900)).toBe(true)
      expect(await take('one', 'a', 2000)).toBe(false)
    })

    it('is free at once when its holder releases it, and only then', async () => {
      expect(await take('back', 'a', 0)).toBe(true)
      await releaseLease(get().db, { job: 'back', holder: 'b' })
      expect(await take('back', 'b', 1)).toBe(false)
      await releaseLease(get().db, { job: 'back', holder: 'a' })
      expect(await take('back', 'b', 1)).toBe(true)
    })

    it('goes to one holder when many ask at once', async () => {
      const asked = Array.from({ length: 8 }, (_, index) => take('many', String(index), 0))
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1)
    })
  })
})
