import { putLast } from './recency.ts'

/** What waits, by the names of its owners: at each level whoever was served last comes last. */
export type TurnTree<Item> = {
  add: (owner: readonly string[], item: Item) => void
  /** Takes out what is next; null if nothing waits. */
  takeNext: () => Item | null
  /** Takes out an item, if it still waits. */
  remove: (owner: readonly string[], item: Item) => void
  /** How many items of an owner wait. */
  countOf: (owner: readonly string[]) => number
  isEmpty: () => boolean
}

/** A name's part: those of narrower names, the least recently served first, and the items of the narrowest, the oldest first. */
type Branch<Item> = { below: Map<string, Branch<Item>>; items: Set<Item> }

const emptyBranch = <Item>(): Branch<Item> => ({ below: new Map(), items: new Set() })
const hasNothing = <Item>({ below, items }: Branch<Item>): boolean => below.size === 0 && items.size === 0

/** Creates an empty tree. Names go from the widest to the narrowest; those of no owner are the beginning of another's. */
export function createTurnTree<Item>(): TurnTree<Item> {
  const root = emptyBranch<Item>()

  /** Those of an owner that exist, the root first. */
  const branchesOf = (owner: readonly string[]): Branch<Item>[] => {
    const found = [root]
    for (const name of owner) {
      const next = found.at(-1)?.below.get(name)
      if (next === undefined) break
      found.push(next)
    }
    return found
  }

  const itemsOf = (owner: readonly string[]): Set<Item> | undefined => branchesOf(owner)[owner.length]?.items

  const remove = (owner: readonly string[], item: Item): void => {
    const branches = branchesOf(owner)
    if (branches[owner.length]?.items.delete(item) !== true) return
    for (let level = owner.length; level > 0; level -= 1) {
      const branch = branches[level]
      if (branch !== undefined && hasNothing(branch)) branches[level - 1]?.below.delete(owner[level - 1] ?? '')
    }
  }

  return {
    add: (owner, item) => {
      let branch = root
      for (const name of owner) {
        const next = branch.below.get(name) ?? emptyBranch<Item>()
        branch.below.set(name, next)
        branch = next
      }
      branch.items.add(item)
    },
    takeNext: () => {
      const owner: string[] = []
      let branch = root
      const passed: Branch<Item>[] = []
      for (let [first] = branch.below; first !== undefined; [first] = branch.below) {
        passed.push(branch)
        owner.push(first[0])
        branch = first[1]
      }
      for (const item of branch.items) {
        remove(owner, item)
        for (const [level, each] of passed.entries()) putLast(each.below, owner[level] ?? '')
        return item
      }
      return null
    },
    remove,
    countOf: (owner) => itemsOf(owner)?.size ?? 0,
    isEmpty: () => hasNothing(root),
  }
}
