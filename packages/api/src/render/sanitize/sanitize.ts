import sanitizeHtml from 'sanitize-html'
import { ATTRIBUTES, DROPPED, TAGS } from './allow-list.ts'
import { linkLabel, linkTarget } from './link-target.ts'
import { limitNesting } from './nesting.ts'
import { createSoftBreaks } from './soft-breaks.ts'
import { backgroundImage, filterStyle, type ImageUrl } from './style.ts'
import { imageSource } from './urls.ts'

/** The URLs to load images from. If a function returns null, the image is removed. */
export type ImageTargets = {
  /** The URL of the part with this Content-ID. */
  cid: (contentId: string) => string | null
  /** The proxy URL of a remote image; null while remote images are blocked. */
  remote: (url: string) => string | null
}

/** Sanitised HTML, and the number of blocked remote images. */
export type Sanitized = { html: string; blockedImages: number }

/** Maximum depth of nesting; deeper elements are flattened. */
const MAX_DEPTH = 200
/** Deeper ones are not even read. */
const MAX_READ_DEPTH = 1000

/**
 * Reduces the HTML of a message to passive content: an allow-list of elements and attributes, styles that load nothing and cover
 * nothing, links that open in a new tab, images only from the message itself or through the proxy.
 * Hostile input can take it very long: run it in a worker with a time limit.
 */
export function sanitizeMail(html: string, images: ImageTargets): Sanitized {
  let blockedImages = 0

  const image = (src: string): string | null => {
    const source = imageSource(src)
    if (source.kind === 'data') return source.url
    if (source.kind === 'cid') return images.cid(source.contentId)
    if (source.kind === 'none') return null
    const target = images.remote(source.url)
    if (target === null) blockedImages += 1
    return target
  }

  /** Background images are checked like others, but data URLs are dropped: they can be huge, and a style is not the place for them. */
  const background = (url: string): string | null => (/^\s*data:/i.test(url) ? null : image(url))

  const divide = createSoftBreaks()
  const boundSpan = createSpanLimit()
  const clean = sanitizeHtml(limitNesting(html, MAX_READ_DEPTH), {
    allowedTags: TAGS,
    allowedAttributes: ATTRIBUTES,
    nonTextTags: DROPPED,
    nestingLimit: MAX_DEPTH,
    parseStyleAttributes: false,
    // URLs are checked below for each element; this only limits the schemes.
    allowedSchemes: ['http', 'https', 'mailto', 'tel', 'sms'],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    textFilter: (text) => divide(text).join('<wbr>'),
    // An image that is neither shown nor described is likely to be a tracking pixel.
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && attribs['src'] === undefined && !attribs['alt'],
    transformTags: {
      '*': (tagName, attribs) => ({
        tagName: tagName === 'body' ? 'div' : tagName,
        attribs: withPlainValues(tagName === 'body' ? bodyColours(attribs) : attribs, background, boundSpan),
      }),
      a: (tagName, attribs) => ({ tagName, attribs: linkAttributes(attribs) }),
      img: (tagName, attribs) => ({ tagName, attribs: replaced(attribs, 'src', image(attribs['src'] ?? '')) }),
    },
  })
  return { html: clean, blockedImages }
}

type Attributes = Record<string, string>

/** Attributes with text or URLs, which are checked elsewhere. */
const FREE = new Set(['href', 'src', 'rel', 'target', 'datetime'])
/** Browsers take as long for a text that is not shown. */
const TEXTS = new Set(['title', 'alt'])
const MAX_TEXT = 1000
/**
 * How many columns or rows a cell covers, and how many all of a message cover beside their own. Tables of mail have a few; thousands of
 * cells with a thousand each, or down to the end of the table (`rowspan=0`), hang the browser.
 */
const SPANS = new Set(['colspan', 'rowspan', 'span'])
const MAX_SPAN = 60
const MAX_SPANS = 10_000
/** Everything else is a size, a colour, a font or a keyword. */
const PLAIN = /^[\p{L}\p{N}_\s#%.,+'"-]{0,200}$/u

/** Bounds a span: none, or one. */
type SpanLimit = (value: string) => string[]

function createSpanLimit(): SpanLimit {
  let left = MAX_SPANS
  return (value) => {
    if (!/^[1-9]\d{0,3}$/.test(value)) return []
    const span = Math.min(Number(value), MAX_SPAN)
    left -= span - 1
    return left < 0 ? [] : [String(span)]
  }
}

function withPlainValues(attribs: Attributes, imageUrl: ImageUrl, boundSpan: SpanLimit): Attributes {
  const background = backgroundStyle(attribs['background'], imageUrl)
  const kept = Object.entries(attribs).flatMap(([name, value]): [string, string][] => {
    if (name === 'style') {
      const style = [background, filterStyle(value, imageUrl)].filter((part) => part !== '').join(';')
      return style === '' ? [] : [[name, style]]
    }
    if (SPANS.has(name)) return boundSpan(value).map((span) => [name, span])
    if (TEXTS.has(name)) return [[name, value.slice(0, MAX_TEXT)]]
    return FREE.has(name) || PLAIN.test(value) ? [[name, value]] : []
  })
  if (background !== '' && attribs['style'] === undefined) kept.push(['style', background])
  return Object.fromEntries(kept)
}

/** The colour attributes of `body`, which becomes a `div`, as a style: light text needs the dark background that it was written for. */
function bodyColours(attribs: Attributes): Attributes {
  const colour = (name: string, property: string) => {
    const value = attribs[name]?.trim() ?? ''
    return value === '' ? '' : `${property}:${/^[\da-f]{6}$/i.test(value) ? '#' : ''}${value};`
  }
  const style = `${colour('bgcolor', 'background-color')}${colour('text', 'color')}${attribs['style'] ?? ''}`
  return style === '' ? attribs : { ...attribs, style }
}

/** The obsolete attribute `background` as a style. */
function backgroundStyle(url: string | undefined, imageUrl: ImageUrl): string {
  const target = url === undefined ? null : imageUrl(url)
  return target === null ? '' : backgroundImage(target)
}

function linkAttributes(attribs: Attributes): Attributes {
  const target = linkTarget(attribs['href'] ?? '')
  if (target === null) return ['href', 'target', 'title'].reduce((kept, name) => replaced(kept, name, null), attribs)
  return {
    ...attribs,
    href: target,
    title: linkLabel(target),
    rel: 'noopener noreferrer nofollow ugc',
    target: '_blank',
  }
}

function replaced(attribs: Attributes, name: string, value: string | null): Attributes {
  const kept = Object.entries(attribs).filter(([key]) => key !== name)
  return Object.fromEntries(value === null ? kept : [...kept, [name, value]])
}
