import { nameOf } from './filename.ts'
import { htmlToText, textToHtml } from './html-to-text.ts'
import { readText } from './read-text.ts'
import { signedContent } from './signed-content.ts'
import { type Container, type Leaf, textCharset } from './structure.ts'
import { decodeTransfer } from './transfer.ts'

/** The readable body of a message, what of it is not inside a signature, and the leaves that are files. */
export type Body = Form & { own: Form; attachments: Leaf[] }

/** Readable content as text, HTML or both; a form that shows nothing is null. */
export type Form = { text: string | null; html: string | null }

/** Reads the message inside an opaque signature. */
export type ReadSigned = (content: Buffer) => Form

/** Text of other types; read when there is nothing else, since a file without a name tells nobody that it is the message. */
const OTHER_TEXT =
  /^(?:text\/(?!calendar|(?:x-)?vcard|directory|csv|rtf)|message\/(?:delivery-status|disposition-notification|feedback-report)$|application\/(?:(?:x-)?pgp|xhtml\+xml)$)/
/** Forms of a text for programs of their own: AMP, smart watches, and what preceded HTML. */
const OTHER_FORM = /^text\/(?:x-amp-html|watch-html|enriched|richtext)$/
const HTML = /^(?:text\/(?:html|x-amp-html|watch-html)|application\/xhtml\+xml)$/
const SIGNED = /^application\/(?:x-)?pkcs7-mime$/

/** What shows nothing. */
export const NOTHING: Form = { text: null, html: null }

/** HTML longer than this surely shows something. */
const SURELY_SHOWS = 5000

/**
 * Assembles the text parts. Parts in sequence are joined, and where only some have HTML the others are converted, so that neither
 * form misses a part of the message. Text and HTML alternatives are kept apart. What is inside an opaque signature is read too; the
 * signature stays a file.
 */
export function assembleBody(message: Buffer, leaves: readonly Leaf[], readSigned: ReadSigned = () => NOTHING): Body {
  const hint = textCharset(leaves)
  const forms = new Map<Leaf, Form>()
  const read = (leaf: Leaf): Form => {
    const known = forms.get(leaf)
    if (known) return known
    const form = SIGNED.test(leaf.contentType.value)
      ? formOfSigned(message, leaf, readSigned)
      : formOf(leaf, readText(message, leaf, hint))
    forms.set(leaf, form)
    return form
  }
  const isShown = (leaf: Leaf) => read(leaf) !== NOTHING
  const texts = leaves.filter(isInlineText)
  const firstText = texts.find(isShown)
  const signed = leaves.filter((leaf) => isSigned(leaf, firstText) && isShown(leaf))
  const body = new Set([...texts.filter((leaf) => isBody(leaf, leaves)), ...signed])
  if (![...body].some(isShown)) {
    // A text part with a name is a file, unless there is nothing else to read.
    const instead = texts.find(isShown) ?? leaves.find((leaf) => isOtherText(leaf) && isShown(leaf))
    if (instead) body.add(instead)
  }
  const inOrder = [...body].sort(byPosition)
  const { text, html } = assemble(inOrder, 0, 'mixed', read)
  const unsigned = inOrder.filter((leaf) => !signed.includes(leaf))
  const own = unsigned.length === inOrder.length ? { text, html } : assemble(unsigned, 0, 'mixed', read)
  const blank = text === null && html === null && body.size > 0 ? '' : null
  const shown = [...body].filter(isShown)
  const isFile = (leaf: Leaf) => signed.includes(leaf) || !(body.has(leaf) || isOtherForm(leaf, shown))
  return { text: text ?? blank, html, own, attachments: leaves.filter(isFile) }
}

function byPosition(a: Leaf, b: Leaf): number {
  return a.start - b.start
}

/**
 * Whether it is an opaque signature to read in its place. One after the text that does not say what it is (RFC 8551 §3.2.2) is a file
 * that somebody attached.
 */
function isSigned({ contentType: { value, params }, start }: Leaf, firstText: Leaf | undefined): boolean {
  return SIGNED.test(value) && (params.has('smime-type') || firstText === undefined || start < firstText.start)
}

function isInlineText({ contentType, disposition }: Leaf): boolean {
  return /^text\/(?:plain|html)$/.test(contentType.value) && disposition.value !== 'attachment'
}

function isOtherText(leaf: Leaf): boolean {
  const { contentType, disposition } = leaf
  return OTHER_TEXT.test(contentType.value) && disposition.value !== 'attachment' && nameOf(leaf) === ''
}

/** Whether it is one more form of a text that is shown, which nobody would open as a file. */
function isOtherForm(leaf: Leaf, shown: readonly Leaf[]): boolean {
  const parent = leaf.path.at(-1)
  if (parent?.subtype !== 'alternative' || !OTHER_FORM.test(leaf.contentType.value) || !isOtherText(leaf)) return false
  return shown.some(({ path }) => path.includes(parent))
}

/** Whether it is unnamed, the only part, an alternative, or the root of a multipart/related (RFC 2387 §3.2). */
function isBody(leaf: Leaf, leaves: readonly Leaf[]): boolean {
  const parent = leaf.path.at(-1)
  if (nameOf(leaf) === '' || !parent || parent.subtype === 'alternative') return true
  return parent.subtype === 'related' && leaves.find((other) => other.path.includes(parent)) === leaf
}

function formOf({ contentType }: Leaf, content: string): Form {
  if (HTML.test(contentType.value)) return showsNothing(content) ? NOTHING : { text: null, html: content }
  return content.trim() === '' ? NOTHING : { text: content, html: null }
}

function formOfSigned(message: Buffer, { start, end, encoding }: Leaf, readSigned: ReadSigned): Form {
  const content = signedContent(decodeTransfer(message.subarray(start, end), encoding))
  const form = content === null ? NOTHING : readSigned(content)
  return form.text === null && form.html === null ? NOTHING : form
}

function showsNothing(html: string): boolean {
  return html.length < SURELY_SHOWS && !/<img\b|background/i.test(html) && htmlToText(html) === ''
}

/** Assembles the content of a multipart at this depth. */
function assemble(leaves: readonly Leaf[], depth: number, subtype: string, read: (leaf: Leaf) => Form): Form {
  const groups: { container: Container | null; leaves: Leaf[] }[] = []
  for (const leaf of leaves) {
    const container = leaf.path[depth] ?? null
    const group = groups.at(-1)
    if (group && container !== null && group.container === container) group.leaves.push(leaf)
    else groups.push({ container, leaves: [leaf] })
  }
  const forms = groups.map(({ container, leaves: inside }) => {
    const [only] = inside
    if (container) return assemble(inside, depth + 1, container.subtype, read)
    return only ? read(only) : NOTHING
  })
  const shown = forms.filter((form) => form.text !== null || form.html !== null)
  return subtype === 'alternative' ? alternatives(shown) : inSequence(shown)
}

/** Keeps all alternatives of the same form: mailers use them for two texts that belong one after the other. */
function alternatives(forms: readonly Form[]): Form {
  const texts = forms.flatMap(({ text }) => (text === null ? [] : [text]))
  const htmls = forms.flatMap(({ html }) => (html === null ? [] : [html]))
  return {
    text: texts.length > 0 ? texts.join('\n') : null,
    html: htmls.length > 0 ? htmls.join('\n') : null,
  }
}

function inSequence(forms: readonly Form[]): Form {
  const hasText = forms.some(({ text }) => text !== null)
  const hasHtml = forms.some(({ html }) => html !== null)
  return {
    text: hasText ? forms.map(({ text, html }) => text ?? htmlToText(html ?? '')).join('\n') : null,
    html: hasHtml ? forms.map(({ text, html }) => html ?? textToHtml(text ?? '')).join('\n') : null,
  }
}
