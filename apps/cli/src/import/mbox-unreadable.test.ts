import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fileIn, sorted } from '../../test/formats/read.ts'
import { EXIT } from '../exit.ts'
import { readMbox } from './mbox.ts'

vi.mock('node:fs', async (original) => {
  const fs = await original<{ createReadStream: typeof createReadStream }>()
  return { ...fs, createReadStream: vi.fn(fs.createReadStream) }
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mairust-mbox-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const BOX = 'From a@example.com Fri Jul  8 12:08:34 2011\nSubject: one\n\nx\n'

describe.each([
  ['plain', Buffer.from(BOX)],
  ['packed', gzipSync(BOX)],
])('an mbox that cannot be read (%s)', (_, content) => {
  it('is named when it is removed before it is read', async () => {
    const path = fileIn(folder, 'box', content)
    vi.mocked(createReadStream).mockImplementationOnce((_path, options) =>
      createReadStream(join(folder, 'removed'), options),
    )
    await expect(sorted(readMbox(path))).rejects.toMatchObject({
      message: `there is no file or folder ${join(folder, 'removed')}`,
      exitCode: EXIT.notFound,
    })
  })

  it('is named when reading fails', async () => {
    const path = fileIn(folder, 'box', content)
    vi.mocked(createReadStream).mockImplementationOnce((_path, options) => {
      const stream = createReadStream(path, options)
      stream.once('open', () => stream.destroy(new Error('EIO: i/o error, read')))
      return stream
    })
    await expect(sorted(readMbox(path))).rejects.toThrow(`${path} cannot be read: EIO: i/o error, read`)
  })
})
