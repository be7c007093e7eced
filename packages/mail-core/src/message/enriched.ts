/** A command of enriched or rich text, or `<<`, which stands for `<`. */
const COMMAND = /<<|<param>[^<]{0,200}<\/param>|<(\/?[a-z\d-]{1,60})>/gi

/** The text of text/enriched (RFC 1896) and of its predecessor text/richtext (RFC 1341), without its commands. */
export function enrichedToText(enriched: string): string {
  return enriched
    .replaceAll(/(?:\r?\n)+/g, (breaks) => {
      // A single line end only wraps; of several, the first does.
      const count = breaks.split('\n').length - 2
      return count === 0 ? ' ' : '\n'.repeat(count)
    })
    .replaceAll(COMMAND, (command, name?: string) => {
      if (command === '<<' || name?.toLowerCase() === 'lt') return '<'
      return /^(?:nl|np|\/?paragraph)$/i.test(name ?? '') ? '\n' : ''
    })
}
