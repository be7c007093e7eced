/** A number from 0 (included) to 1 (excluded), as of `Math.random`. Decisions take it as an argument. */
export type Random = () => number

/** A copy in random order (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items]
  const order: T[] = []
  while (left.length > 0) order.push(...left.splice(Math.floor(random() * left.length), 1))
  return order
}
