/** Allowed ids: all, those listed, or all but a few. */
export type IdSet = 'all' | readonly string[] | { readonly except: readonly string[] }

const isList = (ids: IdSet): ids is readonly string[] => Array.isArray(ids)

/** The excluded ids; none for `all`. */
const exceptOf = (ids: Exclude<IdSet, readonly string[]>): readonly string[] => (ids === 'all' ? [] : ids.except)

/** Whether the set contains an id. */
export const hasId = (ids: IdSet, id: string): boolean => (isList(ids) ? ids.includes(id) : !exceptOf(ids).includes(id))

/** All but these. */
export const allBut = (except: readonly string[]): IdSet => (except.length === 0 ? 'all' : { except })

/** The ids in both sets. */
export const intersectIds = (a: IdSet, b: IdSet): IdSet => {
  if (isList(a)) return a.filter((id) => hasId(b, id))
  if (isList(b)) return b.filter((id) => hasId(a, id))
  return allBut([...new Set([...exceptOf(a), ...exceptOf(b)])])
}

/** The ids in either set. */
export const unionIds = (a: IdSet, b: IdSet): IdSet => {
  if (isList(a) && isList(b)) return [...new Set([...a, ...b])]
  if (isList(a)) return unionIds(b, a)
  return allBut(exceptOf(a).filter((id) => !hasId(b, id)))
}
