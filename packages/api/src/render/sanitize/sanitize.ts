import sanitizeHtml from 'sanitize-html'
import { ATTRIBUTES, DROPPED, TAGS } from './allow-list.ts'
import { backgroundImage, filterStyle, type PictureAddress } from './style.ts'
import { imageSource, linkLabel, linkTarget } from './urls.ts'

/** Where pictures are shown from. A function that answers null takes the picture away. */
export type ImageTargets = {
  /** Address of the part with this Content-ID. */
  cid: (contentId: string) => string | null
  /** Address through which a remote picture is loaded; null while remote pictures are blocked. */
  remote: (url: string) => string | null
}

/** Sanitised HTML, and how many remote pictures it does not show. */
export type Sanitized = { html: string; blockedImages: number }

/** Levels of nesting that are kept; the rest is flattened. */
const MAX_DEPTH = 200

/**
 * Reduces the HTML of a message to what can only be looked at: an allow-list of elements and attributes, styles that load
 * and cover nothing, links that open elsewhere, pictures only from the message itself or through the proxy.
 * The time it takes is not bounded for hostile input: run it in a worker that is killed at its limit.
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

  /** Backgrounds are pictures too, but none of them is worth a megabyte of data inside a style. */
  const background = (address: string): string | null => (/^\s*data:/i.test(address) ? null : image(address))

  const clean = sanitizeHtml(html, {
    allowedTags: TAGS,
    allowedAttributes: ATTRIBUTES,
    nonTextTags: DROPPED,
    nestingLimit: MAX_DEPTH,
    parseStyleAttributes: false,
    // Addresses are decided below, element by element; here only that none but these schemes gets through.
    allowedSchemes: ['http', 'https', 'mailto', 'tel', 'sms'],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    // A picture that is neither shown nor described is a counter of readers.
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && attribs['src'] === undefined && !attribs['alt'],
    transformTags: {
      '*': (tagName, attribs) => ({
        tagName: tagName === 'body' ? 'div' : tagName,
        attribs: withPlainValues(tagName === 'body' ? bodyColours(attribs) : attribs, background),
      }),
      a: (tagName, attribs) => ({ tagName, attribs: linkAttributes(attribs) }),
      img: (tagName, attribs) => ({ tagName, attribs: replaced(attribs, 'src', image(attribs['src'] ?? '')) }),
    },
  })
  return { html: clean, blockedImages }
}

type Attributes = Record<string, string>

/** Attributes that hold text or addresses, each of which is seen to elsewhere. */
const FREE = new Set(['title', 'alt', 'href', 'src', 'rel', 'target', 'datetime'])
/** Everything else is a size, a colour, a font or a keyword. */
const PLAIN = /^[\p{L}\p{N}_\s#%.,+'"-]{0,200}$/u

function withPlainValues(attribs: Attributes, picture: PictureAddress): Attributes {
  const background = backgroundStyle(attribs['background'], picture)
  const kept = Object.entries(attribs).flatMap(([name, value]): [string, string][] => {
    if (name === 'style') {
      const style = [background, filterStyle(value, picture)].filter((part) => part !== '').join(';')
      return style === '' ? [] : [[name, style]]
    }
    return FREE.has(name) || PLAIN.test(value) ? [[name, value]] : []
  })
  if (background !== '' && attribs['style'] === undefined) kept.push(['style', background])
  return Object.fromEntries(kept)
}

/** The colours of `body`, which becomes a `div`, as a style: light text was written for the dark ground beside it. */
function bodyColours(attribs: Attributes): Attributes {
  const colour = (name: string, property: string) => {
    const value = attribs[name]?.trim() ?? ''
    return value === '' ? '' : `${property}:${/^[\da-f]{6}$/i.test(value) ? '#' : ''}${value};`
  }
  const style = `${colour('bgcolor', 'background-color')}${colour('text', 'color')}${attribs['style'] ?? ''}`
  return style === '' ? attribs : { ...attribs, style }
}

/** The old attribute `background` as a style. */
function backgroundStyle(address: string | undefined, picture: PictureAddress): string {
  const target = address === undefined ? null : picture(address)
  return target === null ? '' : backgroundImage(target)
}

function linkAttributes(attribs: Attributes): Attributes {
  const target = linkTarget(attribs['href'] ?? '')
  if (target === null) return replaced(replaced(attribs, 'href', null), 'target', null)
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
