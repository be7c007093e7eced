import { readdirSync, readFileSync } from 'node:fs'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { buildIndex } from './index-task.ts'
import { parseAttachment } from '../testing/parse-attachment.ts'
import { parseMessage } from './parse.ts'

const FOLDER = new URL('fixtures/', import.meta.url)
const NAMES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => name.slice(0, -'.eml'.length))

function load(name: string): Buffer {
  return readFileSync(new URL(`${name}.eml`, FOLDER))
}

/** As JSON, dates as text. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

describe.each(NAMES)('fixture %s', (name) => {
  it('is parsed as expected', () => {
    const expected = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as object
    expect(plain(parseMessage(load(name)))).toMatchObject(expected)
  })

  it('has an index that survives structured clone and contains no text that a database refuses', () => {
    const index = buildIndex(new Uint8Array(load(name)))
    expect(structuredClone(index)).toEqual(index)
    expect(JSON.stringify(index)).not.toMatch(/\\u0000|\\ud[89a-f]/i)
    expect(index.parseError).toBeNull()
  })

  it('returns the content of each listed attachment', () => {
    const { index } = parseMessage(load(name))
    for (const info of index.attachments) {
      const attachment = parseAttachment(load(name), info.index)
      expect(attachment).toMatchObject(info)
      expect(attachment?.content.length).toBe(info.size)
    }
    expect(parseAttachment(load(name), index.attachments.length)).toBeNull()
  })
})

describe('a second opinion', () => {
  it.each(['attachments', 'multipart', 'broken-boundary', 'outlook-forward'])(
    'postal-mime finds the same attachments with the same bytes in %s',
    async (name) => {
      const other = await PostalMime.parse(load(name), { forceRfc822Attachments: true })
      const ours = parseMessage(load(name)).index.attachments.map((info) => parseAttachment(load(name), info.index))
      expect(ours.map((attachment) => attachment?.contentType)).toEqual(other.attachments.map((each) => each.mimeType))
      // It normalises the line ends of unencoded parts and adds one at the end, contrary to RFC 2046 §5.1.1.
      const same = (content: Buffer | undefined) => content?.toString('latin1').replaceAll('\r', '').replace(/\n$/, '')
      expect(ours.map((attachment) => same(attachment?.content))).toEqual(
        other.attachments.map((each) => same(Buffer.from(each.content as ArrayBuffer))),
      )
    },
  )
})
