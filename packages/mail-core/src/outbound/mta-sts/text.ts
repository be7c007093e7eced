/**
 * The id of a domain's MTA-STS record (RFC 8461 §3.1), from the TXT records of `_mta-sts.<domain>`. Null when there is no valid one, or
 * more than one: then the domain has no MTA-STS.
 */
export function stsRecordId(records: readonly (readonly string[])[]): string | null {
  // RFC 7208 §3.3: the strings of a record are joined without anything between.
  const texts = records.map((strings) => strings.join('')).filter((text) => /^v=STSv1[ \t]*(?:;|$)/.test(text))
  const [text] = texts
  if (text === undefined || texts.length > 1) return null
  for (const field of text.split(';').slice(1)) {
    const [name, value = ''] = splitOnce(field.trim(), '=')
    if (name.trim() === 'id') return /^[a-z\d]{1,32}$/i.test(value.trim()) ? value.trim() : null
  }
  return null
}

/** A text up to a separator, and the rest after it. */
export function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
