import type { ReactNode } from 'react'

import { cn } from '../lib/cn.ts'

export type DataListItem = { key: string; term: ReactNode; value: ReactNode }

/** Terms and values side by side; stacked on narrow screens. */
export function DataList({ items, className }: { items: readonly DataListItem[]; className?: string | undefined }) {
  return (
    <dl
      className={cn(
        'grid grid-cols-1 gap-x-6 gap-y-0.5 text-sm sm:grid-cols-[minmax(6rem,auto)_1fr] sm:gap-y-2',
        className,
      )}
    >
      {items.map((item) => (
        <div key={item.key} className="contents">
          <dt className="text-muted max-sm:[div:not(:first-child)>&]:mt-2">{item.term}</dt>
          <dd className="min-w-0 text-fg">{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}
