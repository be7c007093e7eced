/** The selected rows, and the row where a range starts. */
export type Selection = { ids: ReadonlySet<string>; anchor: string | null }

export const NOTHING: Selection = { ids: new Set(), anchor: null }

/** Selects or deselects a row; the next range starts there. */
export function toggle(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids)
  if (!ids.delete(id)) ids.add(id)
  return { ids, anchor: id }
}

/** Adds all rows from the anchor to this one. `order` is the ids in the order shown. */
export function extendTo(selection: Selection, id: string, order: readonly string[]): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor)
  const to = order.indexOf(id)
  if (from < 0 || to < 0) return toggle(selection, id)
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { ids: new Set([...selection.ids, ...range]), anchor: selection.anchor }
}

/** Selects all rows, or none if all are selected already. */
export function toggleAll(selection: Selection, order: readonly string[]): Selection {
  const all = order.length > 0 && order.every((id) => selection.ids.has(id))
  return all ? NOTHING : { ids: new Set(order), anchor: null }
}

/** Removes rows that are no longer listed. Returns the same object if nothing changed. */
export function keepOnly(selection: Selection, order: readonly string[]): Selection {
  const present = new Set(order)
  const ids = [...selection.ids].filter((id) => present.has(id))
  return ids.length === selection.ids.size ? selection : { ids: new Set(ids), anchor: selection.anchor }
}

/** The row to move to when some rows leave: the next one that stays, else the previous one, else null. */
export function neighbourOf(id: string, order: readonly string[], leaving: ReadonlySet<string>): string | null {
  const at = order.indexOf(id)
  if (at < 0) return null
  const after = order.slice(at + 1).find((other) => !leaving.has(other))
  return after ?? order.slice(0, at).findLast((other) => !leaving.has(other)) ?? null
}
