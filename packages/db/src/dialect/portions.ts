/** Values in one list of a statement: several lists stay below the most parameters, 32,766 on SQLite and 65,535 on PostgreSQL. */
const PORTION = 5000

/** Splits values into lists that a statement has parameters for, keeping their order. */
export function* inPortions<T>(values: readonly T[]): Generator<T[]> {
  for (let from = 0; from < values.length; from += PORTION) yield values.slice(from, from + PORTION)
}
