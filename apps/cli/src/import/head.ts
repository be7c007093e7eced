/** Longest header block read. */
const MAX_HEAD = 256 * 1024

/** A header field with its folded lines. */
const FIELD = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:(.*(?:\r\n[ \t].*)*)/gm

/** The header block of a message with CRLF line endings, in latin1. */
export interface Head {
  /** Everything before the empty line. */
  text: string
  /** Values of a field, unfolded, in order; the name in lower case. */
  all: (name: string) => readonly string[]
  /** The first value, or ''. */
  first: (name: string) => string
}

/** Reads the header block of a message. */
export function readHead(raw: Buffer): Head {
  const end = raw.subarray(0, MAX_HEAD).indexOf('\r\n\r\n')
  const text = raw.toString('latin1', 0, end === -1 ? Math.min(raw.length, MAX_HEAD) : end)
  const fields = new Map<string, string[]>()
  for (const [, name = '', value = ''] of text.matchAll(FIELD)) {
    const key = name.toLowerCase()
    const unfolded = value.replace(/\r\n/g, '').trim()
    const values = fields.get(key)
    if (values === undefined) fields.set(key, [unfolded])
    else values.push(unfolded)
  }
  const all = (name: string): readonly string[] => fields.get(name) ?? []
  return { text, all, first: (name) => all(name)[0] ?? '' }
}
