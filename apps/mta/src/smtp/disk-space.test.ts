import type { Log } from '@mairust/log'
import { silentLog } from '@mairust/log'
import { expect, it } from 'vitest'
import { watchDiskSpace } from './disk-space.ts'

const MIB = 1024 * 1024

it('logs once when the disk fills up and once when it has room again, and fails readiness in between', async () => {
  const said: string[] = []
  const say = (_: object, message: string): void => void said.push(message)
  const log: Log = { ...silentLog, error: say, info: say }
  let bytes = 100 * MIB
  let clock = 0
  const space = watchDiskSpace({ freeBytes: () => Promise.resolve(bytes), now: () => clock, log })
  const later = (free: number): void => {
    bytes = free
    clock += 1000
  }
  await space.check()
  expect(said).toEqual([])
  later(64 * MIB)
  for (let count = 0; count < 3; count += 1) {
    await expect(space.check()).rejects.toThrow('full')
    clock += 1000
  }
  expect(said).toHaveLength(1)
  expect(said[0]).toContain('452')
  later(65 * MIB)
  await space.check()
  expect(said).toHaveLength(2)
  expect(await space.free()).toBe(65 * MIB)
})

it('is ready when free space is unknown', async () => {
  const space = watchDiskSpace({ freeBytes: () => Promise.reject(new Error('no')), now: () => 0, log: silentLog })
  expect(await space.free()).toBeNull()
  await space.check()
})
