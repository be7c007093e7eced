import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { content, type Letter, letters } from '../../test/formats/letters.ts'
import { MAILDIRS, writeMaildir } from '../../test/formats/maildirs.ts'
import { MBOXES } from '../../test/formats/mboxes.ts'
import { all } from '../../test/formats/read.ts'
import { readMaildir } from './maildir.ts'
import { readMbox } from './mbox.ts'
import { isLeftOut, type SourceEntry } from './source.ts'

/** Runs `work` with an empty folder. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mairust-round-trip-'))
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const NOTES = /^(?:(?:X-)?Status|X-Keywords|X-Mozilla-[\w-]+|X-GM-THRID|X-Gmail-Labels|Content-Length):.*\r\n/gm

/** What is compared: the text without fields the format added, and all metadata. */
const seenOf = (entry: SourceEntry): object => {
  if (isLeftOut(entry)) return { leftOut: entry.leftOut }
  const text = entry.raw.toString().replace(NOTES, '')
  const { receivedAt, seen, starred, answered, draft, folder, tags } = entry
  return { text, receivedAt, seen, starred, answered, draft, folder, tags: [...tags].sort() }
}

const crlf = (text: string): string => text.replaceAll('\n', '\r\n')

const wanted = (letter: Letter, { folder = null }: { folder?: string | null } = {}): object => {
  if (letter.deleted) return { leftOut: 'deleted' }
  const { receivedAt, seen, starred, answered, draft, tags } = letter
  return { text: crlf(content(letter)), receivedAt, seen, starred, answered, draft, folder, tags: [...tags].sort() }
}

/** The metadata that each mbox variant cannot express. */
const LOSES: Readonly<Record<keyof typeof MBOXES, Partial<Letter>>> = {
  mboxo: {},
  mboxrd: {},
  mboxcl: {},
  mboxcl2: {},
  thunderbird: { draft: false },
  takeout: { draft: false, answered: false, deleted: false },
}

const mboxRuns = { numRuns: 60 }
const maildirRuns = { numRuns: 25 }

describe('import round trip: an mbox', () => {
  it.each(Object.entries(MBOXES))('as %s yields what was written', async (name, { write, ...holds }) => {
    const loses = LOSES[name as keyof typeof MBOXES]
    await fc.assert(
      fc.asyncProperty(letters(holds), fc.boolean(), (made, isCrlf) =>
        inFolder(async (folder) => {
          const kept = made.map((letter) => ({ ...letter, ...loses }))
          const text = kept.map(write).join('')
          // Content-Length counts bytes as written, so line endings must stay.
          writeFileSync(join(folder, 'box'), isCrlf && !name.startsWith('mboxcl') ? crlf(text) : text)
          const found = await all(readMbox(join(folder, 'box')))
          const expected = kept.map((letter) => {
            if (name !== 'takeout' || letter.folder.length === 0) return wanted(letter)
            const label = letter.folder.join('/')
            return { ...wanted(letter, { folder: label }), tags: [...letter.tags, label].sort() }
          })
          expect(found.map(seenOf)).toEqual(expected)
        }),
      ),
      mboxRuns,
    )
  })
})

describe('import round trip: a maildir', () => {
  it.each(MAILDIRS)('as %s yields what was written, compressed or not', async (layout) => {
    await fc.assert(
      fc.asyncProperty(letters({ separators: true, quoted: true }), (made) =>
        inFolder(async (folder) => {
          writeMaildir(folder, layout, made)
          const found = (await all(readMaildir(folder))).map(seenOf)
          const byText = (entries: object[]) => entries.map((entry) => JSON.stringify(entry)).sort()
          const expected = made.map((letter) => wanted(letter, { folder: letter.folder.join('/') || null }))
          expect(byText(found)).toEqual(byText(expected))
        }),
      ),
      maildirRuns,
    )
  })
})
