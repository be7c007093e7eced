import { nameKey } from '@mairust/db/queries/name-key'

/** Finds or creates things by name, one at a time, and caches them; names with the same key are one. */
export function onceEach<T>(findOrMake: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  let last: Promise<unknown> = Promise.resolve()
  return (name) => {
    const key = nameKey(name)
    const found = known.get(key)
    if (found !== undefined) return found
    const made = last.then(() => findOrMake(name))
    known.set(key, made)
    last = made
    return made
  }
}
