import { RE2JS } from 're2js'

/** The first of the alternatives that one text contains, or null. */
export type Find = (alternatives: readonly string[]) => string | null

const parts = (alternative: string): readonly string[] => alternative.split(' & ')
const PLAIN = /^[^\\^$.|?*+()[\]{}]*$/

/**
 * Prepares phrases for finding them in texts that remotes choose, in linear time whatever the text. Most are plain, and the others
 * each have an automaton of their own: one for all (RE2Set) meets new states in every text, and took 40 ms instead of one.
 */
export function compilePhrases(alternatives: readonly string[]): (text: string) => Find {
  const patterns = new Map<string, RE2JS>()
  for (const phrase of alternatives.flatMap(parts)) if (!PLAIN.test(phrase)) patterns.set(phrase, RE2JS.compile(phrase))
  return (text) => {
    const known = new Map<string, boolean>()
    const has = (phrase: string) => {
      const found = known.get(phrase) ?? patterns.get(phrase)?.matcher(text).find() ?? text.includes(phrase)
      known.set(phrase, found)
      return found
    }
    return (wanted) => wanted.find((alternative) => parts(alternative).every(has)) ?? null
  }
}
