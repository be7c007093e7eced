/** Properties that say how text and boxes look, and nothing that moves a box over others or loads anything. */
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

/** No backslash (escapes hide names), no `<`, `@`, `{`, `:`, `//` or `/*`: what is left cannot name an address. */
const VALUE = /^(?!.*\/\/)[\p{L}\p{N}_\s#%.,()'"+!/-]{1,300}$/su
/** The only functions; every other word before a parenthesis, `url` and `expression` among them, drops the declaration. */
const FUNCTION = /([\w-]*)\s*\(/g
const FUNCTIONS = new Set(['rgb', 'rgba', 'hsl', 'hsla'])
const COMMENT = /\/\*[^*]*\*\//g
/** Longest `style` that is looked at. */
const MAX_STYLE = 4000

/** Our address of the picture that an address in mail names, or null. */
export type PictureAddress = (address: string) => string | null

/**
 * The declarations of a `style` attribute that mail may have, rewritten; '' when none is left.
 *
 * @param picture only pictures with an address of ours are shown as backgrounds.
 */
export function filterStyle(style: string, picture: PictureAddress = () => null): string {
  if (style.length > MAX_STYLE) return ''
  const kept: string[] = []
  for (const declaration of style.replaceAll(COMMENT, ' ').split(';')) {
    const colon = declaration.indexOf(':')
    const named = declaration.slice(0, colon).trim().toLowerCase()
    const given = declaration.slice(colon + 1).trim()
    const [property, value] = named === 'background' ? ['background-color', colourOf(given)] : [named, given]
    if (colon > 0 && PROPERTIES.has(property) && isHarmless(value)) kept.push(`${property}:${value}`)
    if (named === 'background' || named === 'background-image') kept.push(...backgroundOf(given, picture))
  }
  return kept.join(';')
}

/** Addresses in a background, whose words are no colours. */
const ADDRESS = /url\([^)]*\)?/gi
const COLOUR = /#[\da-f]{3,8}\b|\b(?:rgb|hsl)a?\([^()]*\)|(?<![\w#-])[a-z]{3,}(?![\w(-])/gi
/** Words of a background that are no colours; one that is missing here is ignored by browsers. */
const NO_COLOURS = new Set(
  'none repeat space round scroll fixed local center top bottom left right auto cover contain circle ellipse important'.split(
    ' ',
  ),
)

/**
 * The colour of a `background`, also of one with a picture or of the start of a gradient: text in white was written for
 * it, and would stand on white without. '' when there is none.
 */
function colourOf(background: string): string {
  const words = background.replace(ADDRESS, ' ').match(COLOUR) ?? []
  const colour = words.find((word) => !NO_COLOURS.has(word.toLowerCase())) ?? ''
  return colour !== '' && /!\s*important$/i.test(background) ? `${colour}!important` : colour
}

/** An address in a style, in double, single or no quotes. */
const PICTURE = /url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))/gi
/** How a picture lies, in the words that the shorthand `background` has for it. */
const LAYOUT = new Map([
  ['no-repeat', 'background-repeat:no-repeat'],
  ['repeat-x', 'background-repeat:repeat-x'],
  ['repeat-y', 'background-repeat:repeat-y'],
  ['cover', 'background-size:cover'],
  ['contain', 'background-size:contain'],
  ['center', 'background-position:center'],
])

/** The declarations that show the first picture of a background that has an address of ours. */
function backgroundOf(value: string, picture: PictureAddress): string[] {
  for (const [, double, single, bare] of value.matchAll(PICTURE)) {
    const address = picture(double ?? single ?? bare ?? '')
    if (address === null) continue
    const words = value
      .replaceAll(ADDRESS, ' ')
      .toLowerCase()
      .split(/[\s/,]+/)
    return [
      backgroundImage(address),
      ...[...LAYOUT].flatMap(([word, layout]) => (words.includes(word) ? [layout] : [])),
    ]
  }
  return []
}

/** A background picture from an address of ours. */
export function backgroundImage(address: string): string {
  const safe = address.replaceAll(
    /['"()\\;\s<>{}]/g,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return `background-image:url(${safe})`
}

function isHarmless(value: string): boolean {
  if (!VALUE.test(value) || !isBalanced(value)) return false
  return [...value.matchAll(FUNCTION)].every(([, name]) => FUNCTIONS.has((name ?? '').toLowerCase()))
}

/** Quotes and parentheses closed, so that nothing runs on into the next declaration. */
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
