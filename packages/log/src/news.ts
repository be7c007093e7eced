const MINUTE = 60_000
/** Lines a minute, so that strangers with any number of addresses cannot fill the disk. */
const MOST = 1000

/** Says whether something has not been said in this minute. */
export type News = (key: string) => boolean

/** Makes the memory of lines that strangers could make thousands of: one a minute of each key, and at most 1000. @param now milliseconds */
export function createNews(now: () => number): News {
  let minute = { startedAt: -Infinity, said: new Set<string>() }
  return (key) => {
    if (now() - minute.startedAt >= MINUTE) minute = { startedAt: now(), said: new Set() }
    const { said } = minute
    if (said.has(key) || said.size >= MOST) return false
    said.add(key)
    return true
  }
}
