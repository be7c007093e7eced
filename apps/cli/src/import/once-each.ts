import { nameKey } from '@mairust/db/queries/name-key'

/** A function that finds or makes what has a name, one after the other, and remembers it: names that count as the same are one. */
export function onceEach(findOrMake: (name: string) => Promise<string>): (name: string) => Promise<string> {
  const known = new Map<string, Promise<string>>()
  let last: Promise<unknown> = Promise.resolve()
  return (name) => {
    const key = nameKey(name)
    const found = known.get(key) ?? last.then(() => findOrMake(name))
    known.set(key, found)
    last = found
    return found
  }
}
