/** Allowed ids: all, those listed, or all but a few. */
export type IdSet = 'all' | readonly string[] | { readonly except: readonly string[] }

/** Whether the set lists its ids. */
export const isIdList = (ids: IdSet): ids is readonly string[] => Array.isArray(ids)

/** The excluded ids; none for `all`. */
const exceptOf = (ids: Exclude<IdSet, readonly string[]>): readonly string[] => (ids === 'all' ? [] : ids.except)

/** Whether the set contains an id. */
export const hasId = (ids: IdSet, id: string): boolean =>
  isIdList(ids) ? ids.includes(id) : !exceptOf(ids).includes(id)

/** The ids of a list that the set does not contain. */
export const idsOutside = (ids: IdSet, list: readonly string[]): string[] => {
  const named = new Set(isIdList(ids) ? ids : exceptOf(ids))
  return list.filter((id) => named.has(id) !== isIdList(ids))
}

/** All but these. */
export const allBut = (except: readonly string[]): IdSet => (except.length === 0 ? 'all' : { except })

/** Whether the first set contains all of the second. */
export const hasAllIds = (ids: IdSet, others: IdSet): boolean => {
  if (isIdList(others)) return idsOutside(ids, others).length === 0
  return !isIdList(ids) && idsOutside(exceptOf(others), exceptOf(ids)).length === 0
}

/** The ids in both sets. */
export const intersectIds = (a: IdSet, b: IdSet): IdSet => {
  if (isIdList(a)) return a.filter((id) => hasId(b, id))
  if (isIdList(b)) return b.filter((id) => hasId(a, id))
  return allBut([...new Set([...exceptOf(a), ...exceptOf(b)])])
}

/** The ids in either set. */
export const unionIds = (a: IdSet, b: IdSet): IdSet => {
  if (isIdList(a) && isIdList(b)) return [...new Set([...a, ...b])]
  if (isIdList(a)) return unionIds(b, a)
  return allBut(exceptOf(a).filter((id) => !hasId(b, id)))
}
