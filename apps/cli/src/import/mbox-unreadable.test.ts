import { createReadStream, mkdirSync, mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fileIn, sorted } from '../../test/formats/read.ts'
import { EXIT } from '../exit.ts'
import { readMaildir } from './maildir.ts'
import { readMbox } from './mbox.ts'
import { splitMbox } from './mbox-split.ts'
import { MAX_MESSAGE } from './source.ts'
import { unpackMail } from './unpack.ts'

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

describe('a message without an end in sight', () => {
  /** What each part of a box read in pieces of this size is. */
  const partsOf = async (box: string, pieceSize: number, maxMessage: number) => {
    const bytes = Buffer.from(box)
    const pieces = Array.from({ length: Math.ceil(bytes.length / pieceSize) }, (_, at) =>
      bytes.subarray(at * pieceSize, (at + 1) * pieceSize),
    )
    const found: [string, number][] = []
    for await (const { bytes: part, isTooLong } of splitMbox(from(pieces), maxMessage)) {
      const [, subject = ''] = /^Subject: (.*)$/m.exec(part.toString('latin1')) ?? []
      found.push([isTooLong ? `${subject} too long` : subject, part.length])
    }
    return found
  }
  const letter = (subject: string, size: number) =>
    `From a@example.com Fri Jul  8 12:08:34 2011\nSubject: ${subject}\n\n${'x'.repeat(size)}\n\n`

  it.each([1, 7, 100, 1024, 100_000])('is cut, and those after it are read (pieces of %d bytes)', async (pieceSize) => {
    const box = [letter('one', 10), letter('big', 60_000), letter('two', 10), letter('end', 9000)].join('')
    const parts = await partsOf(box, pieceSize, 1000)
    expect(parts.map(([subject]) => subject)).toEqual(['one', 'big too long', 'two', 'end too long'])
    if (pieceSize < 1000) for (const [, length] of parts) expect(length).toBeLessThan(1300 + pieceSize)
  })

  it('is told as too long, in a maildir too', async () => {
    const long = gzipSync(Buffer.concat([Buffer.from(BOX), Buffer.alloc(MAX_MESSAGE, 'x')]))
    const { details } = await sorted(readMbox(fileIn(folder, 'box', long)))
    expect(details).toEqual([expect.stringContaining('it is longer than 128 MiB; the file may be damaged')])
    expect(await unpackMail(long)).toEqual({ problem: 'it is longer than 128 MiB' })
    mkdirSync(join(folder, 'Maildir/cur'), { recursive: true })
    for (const part of ['new', 'tmp']) mkdirSync(join(folder, 'Maildir', part))
    // Takes no space.
    truncateSync(fileIn(folder, 'Maildir/cur/1400000000.a:2,S', 'Subject: x'), MAX_MESSAGE + 1)
    expect((await sorted(readMaildir(join(folder, 'Maildir')))).details).toEqual([
      expect.stringContaining('1400000000.a:2,S: it is longer than 128 MiB'),
    ])
  })
})

// eslint-disable-next-line @typescript-eslint/require-await -- a source that is there at once
async function* from(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces
}
