import { tokenizeHtml } from '@mairust/mail-core/message'
import { Parser } from 'htmlparser2'

/** Elements with raw text: their tags contain each other only as text. */
const RAW = new Set('iframe noembed noframes plaintext script style textarea title xmp'.split(' '))

/**
 * Removes the opening tags of elements nested deeper than `most`, as the parser nests them. Its stack is an array with the innermost
 * element first, so that each tag costs as much as the nesting is deep: elements that are never closed would take quadratic time.
 */
export function limitNesting(html: string, most: number): string {
  if ((html.match(/<[a-z]/gi)?.length ?? 0) <= most) return html
  let depth = 0
  const parser = new Parser({
    onopentag: () => {
      depth += 1
    },
    onclosetag: () => {
      depth -= 1
    },
  })
  const kept: string[] = []
  let done = 0
  const keepUntil = (end: number) => {
    const piece = html.slice(done, end)
    done = end
    // Where the parser reads tags that the tokenizer does not, it may get deeper: what follows is removed.
    if (piece === '' || depth > 2 * most) return
    parser.write(piece)
    kept.push(piece)
  }
  const tag = { isRemoved: false }
  const endTag = (at: number) => {
    if (tag.isRemoved) done = at + 1
    else keepUntil(at + 1)
    tag.isRemoved = false
  }
  tokenizeHtml(html, {
    onopentagname: (start, end) => {
      keepUntil(start - 1)
      tag.isRemoved = depth >= most && !RAW.has(html.slice(start, end).toLowerCase())
    },
    onopentagend: endTag,
    onselfclosingtag: endTag,
    onclosetag: (_start, end) => {
      keepUntil(end + 1)
    },
    // Tells which elements have raw text: none within SVG.
    isInForeignContext: () => parser.isInForeignContext(),
  })
  if (!tag.isRemoved) keepUntil(html.length)
  return kept.join('')
}
