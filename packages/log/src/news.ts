const MINUTE = 60_000
/** Keys that are remembered. */
const MAX_KEYS = 10_000

/** Says whether something has not been said in this minute. */
export type News = (key: string) => boolean

/** Makes the memory of lines that strangers could make thousands of: one a minute of each key. @param now milliseconds */
export function createNews(now: () => number): News {
  let minute = { startedAt: -Infinity, said: new Set<string>() }
  return (key) => {
    if (now() - minute.startedAt >= MINUTE || minute.said.size >= MAX_KEYS)
      minute = { startedAt: now(), said: new Set() }
    if (minute.said.has(key)) return false
    minute.said.add(key)
    return true
  }
}
