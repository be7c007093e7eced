/** Longest text of a stranger that results keep. */
const MAX = 2000

/** Text of a stranger on one line, as stored and shown. */
export function plain(text: string, max = MAX): string {
  return text
    .slice(0, max)
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
    .trim()
}
