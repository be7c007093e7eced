import type { ReactNode } from 'react'

import { cn } from '../lib/cn.ts'

/** What opens or closes a stretch with a direction of its own (UAX #9 §2). */
const SCOPES = /[\u202A-\u202E\u2066-\u2069]/g
/** Scripts that are written from right to left, marks of direction and `SCOPES`: without any of them there is nothing to isolate. */
const DIRECTED =
  /[\u0590-\u08FF\u200E\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFE\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

/** From where a text runs: as its first letter does, or from left to right, as addresses and names of files are read. */
export type Direction = 'auto' | 'ltr'

/**
 * A text of other people inside one of ours: whichever way it is written, what stands around it stays in its place. `truncate`
 * makes it a line of its own that is cut at its end.
 */
export function Isolate({
  dir = 'auto',
  truncate = false,
  className,
  children,
}: {
  dir?: Direction | undefined
  truncate?: boolean | undefined
  className?: string | undefined
  children: ReactNode
}) {
  return (
    <bdi dir={dir} className={cn(truncate && 'block min-w-0 truncate text-left', className)}>
      {children}
    </bdi>
  )
}

/** As `Isolate`, where only characters can do it: in attributes, titles and texts that are put into others (UAX #9 §2.4). */
export function isolated(text: string, dir: Direction = 'auto'): string {
  if (!DIRECTED.test(text)) return text
  return `${dir === 'ltr' ? '\u2066' : '\u2068'}${text.replaceAll(SCOPES, '')}\u2069`
}
