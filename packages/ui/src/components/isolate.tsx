import type { ReactNode } from 'react'

import { cn } from '../lib/cn.ts'

/** Characters that begin or end an embedding, override or isolate (UAX #9 §2). */
const SCOPES = /[\u202A-\u202E\u2066-\u2069]/g
/** Right-to-left scripts, directional marks and `SCOPES`: text without any of them needs no isolation. */
const DIRECTED =
  /[\u0590-\u08FF\u200E\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFE\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

/** The base direction of a text: that of its first strong character, or left-to-right for addresses and file names. */
export type Direction = 'auto' | 'ltr'

/**
 * Shows text from other people inside text of ours: whatever its direction, it cannot reorder the text around it. `truncate`
 * makes it a block of one line that ends in an ellipsis if it is too long.
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

/** Like `Isolate`, for places without markup: attributes, titles and values put into other texts (UAX #9 §2.4). */
export function isolated(text: string, dir: Direction = 'auto'): string {
  if (!DIRECTED.test(text)) return text
  return `${dir === 'ltr' ? '\u2066' : '\u2068'}${text.replaceAll(SCOPES, '')}\u2069`
}
