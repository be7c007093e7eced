import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

const css = readFileSync(join(import.meta.dirname, 'theme.css'), 'utf8')
type Rgb = [number, number, number]

/** Linear-light sRGB of an OKLCH colour (CSS Color 4), each channel from 0 to 1. */
function linearRgb(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clamp = (value: number) => Math.min(1, Math.max(0, value))
  return [
    clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

const luminance = ([red, green, blue]: Rgb) => 0.2126 * red + 0.7152 * green + 0.0722 * blue

function token(name: string, theme: 'light' | 'dark'): number {
  const declaration = new RegExp(`--${name}: ([^;]+);`).exec(css)?.[1] ?? ''
  const colours = [...declaration.matchAll(/oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g)]
  const colour = theme === 'dark' && colours.length > 1 ? colours[1] : colours[0]
  if (colour === undefined) throw new Error(`theme.css has no colour --${name}`)
  return luminance(linearRgb(Number(colour[1]), Number(colour[2]), Number(colour[3])))
}

function contrast(text: string, surface: string, theme: 'light' | 'dark'): number {
  const [low = 0, high = 0] = [token(text, theme), token(surface, theme)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const SURFACES = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected']
const READABLE: [string, string][] = [
  ...['fg', 'muted', 'subtle', 'accent'].flatMap((text) =>
    SURFACES.map((surface): [string, string] => [text, surface]),
  ),
  ...['success', 'warning', 'danger', 'info'].flatMap((tone): [string, string][] => [
    [tone, `${tone}-soft`],
    [tone, 'surface'],
    [tone, 'canvas'],
  ]),
  ['on-accent', 'accent-solid'],
  ['on-accent', 'accent-solid-hover'],
  ['on-accent', 'danger-solid'],
  ['on-accent', 'danger-solid-hover'],
]

test.each(['light', 'dark'] as const)('text has enough contrast on its surfaces in the %s theme', (theme) => {
  const poor = READABLE.filter(([text, surface]) => contrast(text, surface, theme) < 4.5)
  expect(poor.map(([text, surface]) => `${text} on ${surface}: ${contrast(text, surface, theme).toFixed(2)}`)).toEqual(
    [],
  )
})

test.each(['light', 'dark'] as const)('controls and the focus ring have enough contrast in the %s theme', (theme) => {
  for (const line of ['control-line', 'ring']) {
    for (const surface of ['canvas', 'surface']) expect(contrast(line, surface, theme)).toBeGreaterThanOrEqual(3)
  }
})
