/** Longest text unfolded, in UTF-16 units: nobody writes more, and a worker's memory is bounded. */
const MAX_FLOWED = 2 * 1024 * 1024

/**
 * Joins the soft line breaks of `format=flowed` text (RFC 3676): a line that ends with a space continues on the next line of the
 * same quote depth; stuffed spaces are removed. With `delsp` the joining space is removed too (§4.1), as Japanese needs. Text over
 * two million characters is left as it is.
 */
export function decodeFlowed(text: string, delsp: boolean): string {
  if (text.length > MAX_FLOWED) return text
  const out: string[] = []
  let depth = 0
  let flowing = false
  for (const raw of text.split(/\r?\n/)) {
    const quote = /^>*/.exec(raw)?.[0].length ?? 0
    const line = raw.slice(quote).replace(/^ /, '')
    // The signature separator ends with a space but is a line of its own (§4.3).
    const soft = line.endsWith(' ') && line !== '-- '
    const joins = flowing && quote === depth && line !== '-- '
    if (!joins && out.length > 0) out.push('\n')
    if (!joins && quote > 0) out.push('>'.repeat(quote), ' ')
    out.push(soft && delsp ? line.slice(0, -1) : line)
    depth = quote
    flowing = soft
  }
  return out.join('')
}
