/** Makes a key the last of its map, if it is in it. */
export function putLast<Value>(map: Map<string, Value>, key: string): void {
  const value = map.get(key)
  if (value === undefined) return
  map.delete(key)
  map.set(key, value)
}

/** Sets a key as the last of its map, and drops the first one when there are more than `max`. */
export function putBounded<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.delete(key)
  map.set(key, value)
  const [first] = map.keys()
  if (first !== undefined && map.size > max) map.delete(first)
}
