import { splitOnce } from '../mta-sts/text.ts'

/** RFC 8460 §3 sets no limit; more addresses than these get no report. */
const MAX_ADDRESSES = 5

/**
 * Where a domain wants its TLS reports (RFC 8460 §3): the `mailto:` and `https:` URIs of `_smtp._tls.<domain>`. Empty when there is no
 * valid record, or more than one.
 */
export function tlsRptAddresses(records: readonly (readonly string[])[]): readonly string[] {
  const texts = records.map((strings) => strings.join('')).filter((text) => /^v=TLSRPTv1[ \t]*(?:;|$)/.test(text))
  const [text] = texts
  if (text === undefined || texts.length > 1) return []
  for (const field of text.split(';').slice(1)) {
    const [name, value = ''] = splitOnce(field.trim(), '=')
    if (name.trim() !== 'rua') continue
    const uris = value.split(',').map((uri) => uri.trim())
    return uris.filter((uri) => /^(?:mailto:[^\s@]+@|https:\/\/)\S+$/i.test(uri)).slice(0, MAX_ADDRESSES)
  }
  return []
}
