import { readFile } from './attachments.ts'
import { nameOf } from './filename.ts'
import type { Leaf } from './structure.ts'
import { readTnef, type TnefFile } from './tnef.ts'
import type { PartPlace } from './types.ts'

const TNEF = /^application\/(?:vnd\.)?ms-tnef$/

/** The files with those inside them, and a body for a message that has none of its own. */
export type Unpacked = { files: Leaf[]; body: { text?: string; html?: string } }

/**
 * Puts the files inside `winmail.dat` in front of it. It stays, since it may hold more than is understood of it.
 *
 * @param limit most files taken out.
 */
export function unpackTnef(message: Buffer, files: readonly Leaf[], limit: number): Unpacked {
  const body: Unpacked['body'] = {}
  let left = limit
  const all = files.flatMap((leaf) => {
    if (!TNEF.test(leaf.contentType.value) && nameOf(leaf).toLowerCase() !== 'winmail.dat') return [leaf]
    const { content, place } = readFile(message, leaf)
    const found = readTnef(content, left)
    if (found === null) return [leaf]
    left -= found.files.length
    if (found.text !== null) body.text ??= found.text
    if (found.html !== null) body.html ??= found.html
    return [...found.files.map((file) => innerLeaf(leaf, file, content, place)), leaf]
  })
  return { files: all, body }
}

function innerLeaf(outer: Leaf, file: TnefFile, content: Buffer, place: PartPlace): Leaf {
  const { name, contentType, contentId, start, end } = file
  return {
    ...outer,
    contentType: { value: contentType || 'application/octet-stream', params: new Map([['name', name]]) },
    disposition: { value: 'attachment', params: new Map() },
    contentId: contentId === '' ? null : contentId,
    inner: { content: content.subarray(start, end), place: { ...place, within: { start, end } } },
  }
}
