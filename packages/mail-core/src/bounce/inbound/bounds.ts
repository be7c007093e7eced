/** What is read of returned mail. Real reports have less; whoever sends more only wants us busy. */
export const BOUNDS = {
  parts: 100,
  depth: 10,
  /** Bytes of all texts, and of one report. */
  bytes: 262_144,
  lines: 4000,
  /** Characters of a line. */
  line: 1000,
  /** Each costs a classification; we name no more in one transaction (O17). */
  recipients: 100,
  /** Characters of a recipient's reason. */
  reason: 1500,
  ids: 20,
  header: { headerBytes: 131_072, headerFields: 500 },
} as const

/** The lines of a text, as many and as long as are read, without trailing white space. */
export function linesOf(text: string): string[] {
  const lines: string[] = []
  for (let at = 0; at < text.length && lines.length < BOUNDS.lines;) {
    const end = text.indexOf('\n', at)
    const next = end === -1 ? text.length : end
    lines.push(text.slice(at, Math.min(next, at + BOUNDS.line)).trimEnd())
    at = next + 1
  }
  return lines
}
