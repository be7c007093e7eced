import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configSchema } from '@mairust/config'
import { expect, it } from 'vitest'
import { readFreeBytes, spoolFolderOf } from './free-space.ts'

it('free space is read on the volumes of mail and database, and fails while a folder is missing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mairust-space-'))
  try {
    const places = configSchema.parse({
      storage: { backend: 'fs', options: { base_path: join(folder, 'mail') } },
      database: { backend: 'sqlite', path: join(folder, 'mail.db') },
    })
    expect(spoolFolderOf(places)).toBe(join(folder, 'mail/tmp'))
    await expect(readFreeBytes(places)).rejects.toThrow('ENOENT')
    await mkdir(spoolFolderOf(places), { recursive: true })
    expect(await readFreeBytes(places)).toBeGreaterThan(0)
  } finally {
    await rm(folder, { recursive: true })
  }
})
