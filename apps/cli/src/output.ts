import { escapeJson, escapeLines, escapeText } from '@mairust/log/escape'
import type { Io } from './io.ts'

/** Whether the result is wanted in the REST shape. */
export interface Format {
  json?: boolean | undefined
}

/** Prints one resource: `{ "data": … }` with `--json`, else the lines that `text` makes of it. */
export function printOne<T>(io: Io, { json }: Format, data: T, text: (data: T) => string): void {
  io.out(json === true ? asJson({ data }) : lines(text(data)))
}

/** Prints a list that is complete: with `--json` as a REST list without a further page, else as a table. */
export function printList<T>(io: Io, { json }: Format, data: readonly T[], columns: Columns<T>): void {
  const whole = { data, pagination: { cursor: null, has_more: false } }
  io.out(json === true ? asJson(whole) : table(data, columns))
}

/** Prints one page of a list: with `--json` as REST does, else as a table that says when there is more. */
export function printPage<T>(
  io: Io,
  { json }: Format,
  page: { data: readonly T[]; pagination: { has_more: boolean } },
  columns: Columns<T>,
): void {
  const more = page.pagination.has_more ? 'there are more; narrow the search, or page with --json and --cursor\n' : ''
  io.out(json === true ? asJson(page) : table(page.data, columns) + more)
}

/** The columns of a table: a heading and what stands below it. */
export type Columns<T> = Readonly<Record<string, (row: T) => string>>

// Names, addresses and subjects come from strangers: nothing of them acts on the terminal.
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
