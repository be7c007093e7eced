import { describe, expect, it } from 'vitest'
import { queryTokens } from '../search/query-tokens.ts'
import { htmlToText } from './html-to-text.ts'
import { buildIndex } from './index-task.ts'
import { parseAttachment } from '../testing/parse-attachment.ts'
import { parseMessage } from './parse.ts'

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const TYPES = [
  'text/plain',
  'text/html',
  'text/csv',
  'text/calendar',
  'text/markdown',
  'text/enriched',
  'text/x-amp-html',
  'image/png',
  'image/svg+xml',
  'application/octet-stream',
  'application/pdf',
  'message/rfc822',
  'message/global',
  'nonsense',
] as const
const DISPOSITIONS = [null, 'inline', 'attachment'] as const
const NAMES = [null, 'file.bin'] as const
const CONTENT_IDS = [null, 'part1@x'] as const
/** How the HTML next to the part refers to it. */
const USES = ['none', 'img', 'background', 'style', 'link', 'words'] as const
const TEXTS = ['words', 'blank', 'stub', 'none'] as const
const CONTAINERS = ['mixed', 'related', 'alternative'] as const

type Leaf = {
  type: (typeof TYPES)[number]
  disposition: (typeof DISPOSITIONS)[number]
  name: (typeof NAMES)[number]
  contentId: (typeof CONTENT_IDS)[number]
}
type Tree = {
  leaf: Leaf
  use: (typeof USES)[number]
  text: (typeof TEXTS)[number]
  container: (typeof CONTAINERS)[number]
}

function htmlFor(use: Tree['use']): string {
  const shown = {
    none: '',
    img: '<img src="cid:part1@x">',
    background: '<table background="cid:part1@x"><tr><td>y</table>',
    style: `<div style="background:url('cid:part1%40x')">y</div>`,
    link: '<a href="cid:part1@x">y</a>',
    words: 'see cid:part1@x',
  }[use]
  return `<p>htmlword ${shown}</p>`
}

const isMessage = (type: Leaf['type']): boolean => type === 'message/rfc822' || type === 'message/global'

function contentOf(type: Leaf['type']): string[] {
  if (isMessage(type)) return ['Subject: leafsubject', '', 'leafword']
  if (type === 'text/html') return ['<p>leafword</p>']
  if (type === 'image/png') return [PNG]
  return ['leafword']
}

function build({ leaf, use, text, container }: Tree): Buffer {
  const parts: string[][] = []
  if (text !== 'none') {
    const words = { words: 'textword', blank: ' ', stub: 'Your program cannot show HTML' }[text]
    const alternative = [
      '--i',
      'Content-Type: text/plain',
      '',
      words,
      '--i',
      'Content-Type: text/html',
      '',
      htmlFor(use),
      '--i--',
    ]
    parts.push(['Content-Type: multipart/alternative; boundary=i', '', ...alternative])
  }
  const lines = [`Content-Type: ${leaf.type}${leaf.name === null ? '' : `; name=${leaf.name}`}`]
  if (leaf.disposition !== null) lines.push(`Content-Disposition: ${leaf.disposition}`)
  if (leaf.contentId !== null) lines.push(`Content-ID: <${leaf.contentId}>`)
  if (leaf.type === 'image/png') lines.push('Content-Transfer-Encoding: base64')
  parts.push([...lines, '', ...contentOf(leaf.type)])
  const body = parts.flatMap((part) => ['--o', ...part])
  return Buffer.from([`Content-Type: multipart/${container}; boundary=o`, '', ...body, '--o--', ''].join('\r\n'))
}

/** Whether a search for the word finds the message. */
function isFound(raw: Buffer, word: string): boolean {
  const body = buildIndex(raw).search.body.split(' ')
  return queryTokens(word).tokens.every((token) => body.includes(token))
}

const trees: Tree[] = TYPES.flatMap((type) =>
  DISPOSITIONS.flatMap((disposition) =>
    NAMES.flatMap((name) =>
      CONTENT_IDS.flatMap((contentId) =>
        USES.flatMap((use) =>
          TEXTS.flatMap((text) =>
            CONTAINERS.map((container) => ({ leaf: { type, disposition, name, contentId }, use, text, container })),
          ),
        ),
      ),
    ),
  ),
)

/** Empty when every leaf of the tree is shown or listed, and found. */
function faults(tree: Tree): string[] {
  const raw = build(tree)
  const { html, text, index } = parseMessage(raw)
  const visible = html === null ? (text ?? '') : htmlToText(html)
  const found: string[] = []
  const listed = index.attachments.filter(({ inline }) => !inline)
  const isPicture = tree.leaf.type === 'image/png'
  const pictured =
    isPicture &&
    tree.leaf.contentId !== null &&
    tree.text !== 'none' &&
    ['img', 'background', 'style'].includes(tree.use)
  if (pictured !== index.attachments.some(({ inline }) => inline)) found.push('shown as a picture')
  // In an alternative, the other form represents it.
  const isOtherForm =
    tree.container === 'alternative' && ['text/plain', 'nonsense'].includes(tree.leaf.type) && tree.text !== 'none'
  // Forms for other programs say the same as what is shown, so their words need not be found.
  const isForOthers =
    tree.container === 'alternative' &&
    (tree.leaf.type === 'text/enriched' || tree.leaf.type === 'text/x-amp-html') &&
    tree.leaf.name === null &&
    tree.leaf.disposition !== 'attachment' &&
    tree.text !== 'none'
  if (isForOthers && listed.length > 0) found.push('another form is a file')
  const isRead = isForOthers || visible.includes('leafword') || (isOtherForm && (text ?? '').includes('leafword'))
  if (!pictured && listed.length === 0 && !isRead) found.push('vanished')
  if (listed.some(({ index: at }) => (parseAttachment(raw, at)?.size ?? 0) === 0)) found.push('empty file')
  if (tree.text !== 'none' && !visible.includes('htmlword')) found.push('the HTML is not shown')
  if (tree.text === 'words' && !(text ?? '').includes('textword')) found.push('the text is lost')
  const words = [
    ...(isPicture || isForOthers || tree.leaf.type === 'application/pdf' ? [] : ['leafword']),
    ...(tree.text === 'none' ? [] : ['htmlword']),
    ...(tree.text === 'words' ? ['textword'] : []),
    ...(isMessage(tree.leaf.type) ? ['leafsubject'] : []),
  ]
  for (const word of words) if (!isFound(raw, word)) found.push(`search misses ${word}`)
  return found
}

describe('no part of a message is lost', () => {
  it.each(TYPES)('%s, however it is labelled, named and used', (type) => {
    const mine = trees.filter(({ leaf }) => leaf.type === type)
    expect(mine).toHaveLength(864)
    const wrong = mine.flatMap((tree) => faults(tree).map((fault) => `${fault}: ${JSON.stringify(tree)}`))
    expect(wrong.slice(0, 5).join('\n')).toBe('')
  })

  it('is verified by a check that can fail', () => {
    const leaf: Leaf = { type: 'nonsense', disposition: null, name: 'file.bin', contentId: null }
    expect(isFound(build({ leaf, use: 'none', text: 'words', container: 'mixed' }), 'absentword')).toBe(false)
  })
})
