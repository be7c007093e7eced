import { escapeJson, escapeLines, escapeText } from '@mairust/log/escape'
import type { Io } from './io.ts'

/** The output format; `json` is the REST shape. */
export interface Format {
  json?: boolean | undefined
}

/** Prints one resource: `{ "data": … }` with `--json`, else the lines that `text` returns. */
export function printOne<T>(io: Io, { json }: Format, data: T, text: (data: T) => string): void {
  io.out(json === true ? asJson({ data }) : lines(text(data)))
}

/** Prints a complete list: a REST list of one page with `--json`, else a table. */
export function printList<T>(io: Io, { json }: Format, data: readonly T[], columns: Columns<T>): void {
  const whole = { data, pagination: { cursor: null, has_more: false } }
  io.out(json === true ? asJson(whole) : table(data, columns))
}

/** Prints one page of a list: as REST does with `--json`, else as a table that says when there is more. */
export function printPage<T>(
  io: Io,
  { json }: Format,
  page: { data: readonly T[]; pagination: { has_more: boolean } },
  columns: Columns<T>,
): void {
  const more = page.pagination.has_more ? 'there are more; narrow the search, or page with --json and --cursor\n' : ''
  io.out(json === true ? asJson(page) : table(page.data, columns) + more)
}

/** The columns of a table: heading and cell text. */
export type Columns<T> = Readonly<Record<string, (row: T) => string>>

// Names, addresses and subjects are untrusted: escape what would act on the terminal.
const asJson = (value: unknown): string => `${escapeJson(JSON.stringify(value))}\n`
const lines = (text: string): string => (text === '' ? '' : `${escapeLines(text)}\n`)

function table<T>(rows: readonly T[], columns: Columns<T>): string {
  const cells = [
    Object.keys(columns),
    ...rows.map((row) => Object.values(columns).map((cell) => escapeText(cell(row)))),
  ]
  const widths = Object.keys(columns).map((_, at) => Math.max(...cells.map((row) => (row[at] ?? '').length)))
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
