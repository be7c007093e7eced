type Camel<Name extends string> = Name extends `${infer Start}_${infer Rest}`
  ? `${Start}${Capitalize<Camel<Rest>>}`
  : Name

/**
 * The columns of the request fields that are stored as given, under the names of the columns (`maySendAs` for `may_send_as`). The
 * compiler requires all of them, so that no field is forgotten, and requires each to be a column.
 * @typeParam Worked fields that need work before they are stored
 */
export type Columns<Row, Fields, Worked extends keyof Fields = never> = {
  [Name in Exclude<keyof Fields, Worked> & string as Camel<Name>]: Camel<Name> extends keyof Row
    ? Row[Camel<Name>] | undefined
    : never
}

/** Whether a change has no columns, or only the values that the row already has. */
export const changesNothing = (change: object, before: object = {}): boolean =>
  Object.entries(change).every(([name, value]) => value === undefined || value === Reflect.get(before, name))
