type Camel<Name extends string> = Name extends `${infer Start}_${infer Rest}`
  ? `${Start}${Capitalize<Camel<Rest>>}`
  : Name

/**
 * The columns of the fields of a request that are stored as they are given, by their names there (`may_send_as` is `maySendAs`). The
 * compiler wants all of them, so that no field is forgotten, and each to be a column.
 * @typeParam Worked fields that need work before they are stored
 */
export type Columns<Row, Fields, Worked extends keyof Fields = never> = {
  [Name in Exclude<keyof Fields, Worked> & string as Camel<Name>]: Camel<Name> extends keyof Row
    ? Row[Camel<Name>] | undefined
    : never
}

/** Whether a change gives no column, or only what is there before. */
export const changesNothing = (change: object, before: object = {}): boolean =>
  Object.entries(change).every(([name, value]) => value === undefined || value === Reflect.get(before, name))
