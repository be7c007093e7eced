import { linesOf } from './bounds.ts'

/** Fields of one group, by lower-case name, each with all its values. */
export type FieldGroup = ReadonlyMap<string, readonly string[]>

const FIELD = /^([a-z][a-z0-9-]{0,60}) {0,4}:(.*)$/i
/** A field with which a new recipient begins, though the empty line before it is missing. */
const FINAL = 'final-recipient'

/** The groups of fields of a report (RFC 3464 §2.1, RFC 5965 §3.1), separated by empty lines. */
export function fieldGroups(text: string): FieldGroup[] {
  const groups: Map<string, string[]>[] = [new Map<string, string[]>()]
  let last: string[] | null = null
  for (const line of linesOf(text)) {
    const match = FIELD.exec(line)
    const [, name = '', value = ''] = match ?? []
    const key = name.toLowerCase()
    if (line.trim() === '') {
      groups.push(new Map())
      last = null
    } else if (/^[ \t]/.test(line)) {
      if (last !== null) last[last.length - 1] = `${last.at(-1) ?? ''} ${line.trim()}`.slice(0, 4000)
    } else if (match === null) last = null
    else {
      if (key === FINAL && groups.at(-1)?.has(FINAL) === true) groups.push(new Map())
      const group = groups.at(-1)
      last = group?.get(key) ?? []
      last.push(value.trim())
      group?.set(key, last)
    }
  }
  return groups.filter((group) => group.size > 0)
}

/** The first value of a field, or null when there is none. */
export function valueOf(group: FieldGroup, name: string): string | null {
  const value = group.get(name)?.[0]
  return value === undefined || value === '' ? null : value
}
