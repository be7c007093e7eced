import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { joined, type Part, readStart, slice, without } from './part.ts'

const TEXT = '0123456789'
const path = join(await mkdtemp(join(tmpdir(), 'mairust-part-')), 'file')
await writeFile(path, `...${TEXT}...`)

const textOf = async (parts: readonly Part[]): Promise<string> => {
  const bytes = joined(parts)
  return (Buffer.isBuffer(bytes) ? bytes : await buffer(Readable.from(bytes))).toString()
}

it('a single part in memory is not copied', () => {
  const part = Buffer.from(TEXT)
  expect(joined([part])).toBe(part)
})

describe.each<[string, Part]>([
  ['in memory', Buffer.from(TEXT)],
  ['in a file', { path, from: 3, size: TEXT.length }],
])('a part %s', (_, part) => {
  it('is joined with others in order', async () => {
    expect(await textOf([Buffer.from('<'), part, Buffer.from('>')])).toBe(`<${TEXT}>`)
  })

  it('can be cut', async () => {
    expect(await textOf([slice(part, 2, 5)])).toBe('234')
    expect(await textOf([slice(part, 4, 4)])).toBe('')
    expect(await textOf(without(part, []))).toBe(TEXT)
    expect(
      await textOf(
        without(part, [
          { from: 0, to: 2 },
          { from: 5, to: 9 },
        ]),
      ),
    ).toBe('2349')
  })

  it('returns its beginning', async () => {
    expect((await readStart(part, 4)).toString()).toBe('0123')
    expect((await readStart(part, 100)).toString()).toBe(TEXT)
    expect((await readStart(slice(part, 4, 4), 3)).toString()).toBe('')
  })
})
