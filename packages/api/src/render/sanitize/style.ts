/** Properties for the look of text and boxes; none that moves a box over others or loads anything. */
const PROPERTIES = new Set([
  'background-color',
  'background-position',
  'background-repeat',
  'background-size',
  'border',
  'border-bottom',
  'border-bottom-color',
  'border-bottom-left-radius',
  'border-bottom-right-radius',
  'border-bottom-style',
  'border-bottom-width',
  'border-collapse',
  'border-color',
  'border-left',
  'border-left-color',
  'border-left-style',
  'border-left-width',
  'border-radius',
  'border-right',
  'border-right-color',
  'border-right-style',
  'border-right-width',
  'border-spacing',
  'border-style',
  'border-top',
  'border-top-color',
  'border-top-left-radius',
  'border-top-right-radius',
  'border-top-style',
  'border-top-width',
  'border-width',
  'box-sizing',
  'clear',
  'color',
  'direction',
  'display',
  'float',
  'font',
  'font-family',
  'font-size',
  'font-style',
  'font-variant',
  'font-weight',
  'height',
  'letter-spacing',
  'line-height',
  'list-style-type',
  'margin',
  'margin-bottom',
  'margin-left',
  'margin-right',
  'margin-top',
  'max-height',
  'max-width',
  'min-height',
  'min-width',
  'object-fit',
  // With these, mail hides the words that only previews are to show.
  'opacity',
  'overflow',
  'overflow-wrap',
  'overflow-x',
  'overflow-y',
  'padding',
  'padding-bottom',
  'padding-left',
  'padding-right',
  'padding-top',
  'table-layout',
  'text-align',
  'text-decoration',
  'text-decoration-color',
  'text-decoration-line',
  'text-decoration-style',
  'text-indent',
  'text-overflow',
  'text-transform',
  'vertical-align',
  'visibility',
  'white-space',
  'width',
  'word-break',
  'word-spacing',
  'word-wrap',
])

/** No backslash (escapes hide names), no `<`, `@`, `{`, `:`, `//` or `/*`: what is left cannot contain a URL. */
const VALUE = /^(?!.*\/\/)[\p{L}\p{N}_\s#%.,()'"+!/-]{1,300}$/su
/** Matches functions. Only `FUNCTIONS` are allowed; any other, such as `url` or `expression`, drops the declaration. */
const FUNCTION = /([\w-]*)\s*\(/g
const FUNCTIONS = new Set(['rgb', 'rgba', 'hsl', 'hsla'])
const COMMENT = /\/\*[^*]*\*\//g
/** Longer `style` attributes are dropped. */
const MAX_STYLE = 4000

/** Returns the URL of ours that shows the image with a URL in mail, or null. */
export type ImageUrl = (url: string) => string | null

/**
 * The allowed declarations of a `style` attribute, rewritten; '' if none is left.
 * @param imageUrl background images for which it returns null are removed
 */
export function filterStyle(style: string, imageUrl: ImageUrl = () => null): string {
  if (style.length > MAX_STYLE) return ''
  const kept: string[] = []
  for (const declaration of style.replaceAll(COMMENT, ' ').split(';')) {
    const colon = declaration.indexOf(':')
    const named = declaration.slice(0, colon).trim().toLowerCase()
    const given = declaration.slice(colon + 1).trim()
    const [property, value] = named === 'background' ? ['background-color', colourOf(given)] : [named, given]
    if (colon > 0 && PROPERTIES.has(property) && isHarmless(value)) kept.push(`${property}:${value}`)
    if (named === 'background' || named === 'background-image') kept.push(...backgroundOf(given, imageUrl))
  }
  return kept.join(';')
}

/** URLs in a background; the words in them are not colours. */
const ADDRESS = /url\([^)]*\)?/gi
const COLOUR = /#[\da-f]{3,8}\b|\b(?:rgb|hsl)a?\([^()]*\)|(?<![\w#-])[a-z]{3,}(?![\w(-])/gi
/** Words of a background that are not colours. A missing one does no harm: browsers ignore an invalid colour. */
const NO_COLOURS = new Set(
  'none repeat space round scroll fixed local center top bottom left right auto cover contain circle ellipse important'.split(
    ' ',
  ),
)

/**
 * The colour of a `background`, even of one with an image, or the first colour of a gradient; '' if there is none. Without it
 * white text that was meant for that background would be on white.
 */
function colourOf(background: string): string {
  const words = background.replace(ADDRESS, ' ').match(COLOUR) ?? []
  const colour = words.find((word) => !NO_COLOURS.has(word.toLowerCase())) ?? ''
  return colour !== '' && /!\s*important$/i.test(background) ? `${colour}!important` : colour
}

/** A URL in a style, in double, single or no quotes. */
const URL_FUNCTION = /url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))/gi
/** Layout keywords of the shorthand `background`, as declarations of their own. */
const LAYOUT = new Map([
  ['no-repeat', 'background-repeat:no-repeat'],
  ['repeat-x', 'background-repeat:repeat-x'],
  ['repeat-y', 'background-repeat:repeat-y'],
  ['cover', 'background-size:cover'],
  ['contain', 'background-size:contain'],
  ['center', 'background-position:center'],
])

/** The declarations for the first image of a background that may be shown. */
function backgroundOf(value: string, imageUrl: ImageUrl): string[] {
  for (const [, double, single, bare] of value.matchAll(URL_FUNCTION)) {
    const url = imageUrl(double ?? single ?? bare ?? '')
    if (url === null) continue
    const words = value
      .replaceAll(ADDRESS, ' ')
      .toLowerCase()
      .split(/[\s/,]+/)
    return [backgroundImage(url), ...[...LAYOUT].flatMap(([word, layout]) => (words.includes(word) ? [layout] : []))]
  }
  return []
}

/** The declaration for a background image from one of our own URLs. */
export function backgroundImage(url: string): string {
  const safe = url.replaceAll(
    /['"()\\;\s<>{}]/g,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return `background-image:url(${safe})`
}

function isHarmless(value: string): boolean {
  if (!VALUE.test(value) || !isBalanced(value)) return false
  return [...value.matchAll(FUNCTION)].every(([, name]) => FUNCTIONS.has((name ?? '').toLowerCase()))
}

/** Whether quotes and parentheses are closed, so that nothing continues into the next declaration. */
function isBalanced(value: string): boolean {
  let depth = 0
  let quote = ''
  for (const character of value) {
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    if (depth < 0) return false
  }
  return depth === 0 && quote === ''
}
