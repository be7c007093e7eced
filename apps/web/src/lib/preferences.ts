export const LOCALES = ['en', 'ja'] as const
export type Locale = (typeof LOCALES)[number]

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export const DENSITIES = ['comfortable', 'compact'] as const
export type Density = (typeof DENSITIES)[number]

/** The cookies for the user's preferences. The server reads them too, so that nothing flickers on load. */
export const COOKIE = {
  locale: 'mairust_locale',
  theme: 'mairust_theme',
  sidebar: 'mairust_sidebar',
  density: 'mairust_density',
  listWidth: 'mairust_list_width',
  shortcuts: 'mairust_shortcuts',
} as const

const YEAR_SECONDS = 31_536_000

/** Stores a preference in this browser for a year. */
export function remember(name: keyof typeof COOKIE, value: string): void {
  document.cookie = `${COOKIE[name]}=${encodeURIComponent(value)}; Path=/; Max-Age=${String(YEAR_SECONDS)}; SameSite=Lax`
}

/** `value` if it is one of `choices`, otherwise the first choice. */
export function oneOf<Choice extends string>(
  choices: readonly [Choice, ...Choice[]],
  value: string | undefined,
): Choice {
  return choices.find((choice) => choice === value) ?? choices[0]
}

/** The language to use: the chosen one, else the available language with the highest weight in `Accept-Language`. */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null): Locale {
  const chosen = LOCALES.find((locale) => locale === cookie)
  if (chosen !== undefined) return chosen
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';')
      const quality = parameters
        .map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1])
        .find((found) => found !== undefined)
      return { language: tag.toLowerCase().split('-')[0], quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  for (const { language } of wanted) {
    const found = LOCALES.find((locale) => locale === language)
    if (found !== undefined) return found
  }
  return 'en'
}
