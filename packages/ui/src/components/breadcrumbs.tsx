import { ChevronRight } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'

export type Crumb = { key: string; content: ReactNode }

/** The path from the top level to this page, which is the last item. The caller supplies the links. */
export function Breadcrumbs({ label, items }: { label: string; items: readonly Crumb[] }) {
  return (
    <nav aria-label={label} className="min-w-0">
      <ol className="flex min-w-0 items-center gap-1 text-sm">
        {items.map((item, index) => {
          const last = index === items.length - 1
          return (
            <Fragment key={item.key}>
              {index === 0 ? null : (
                <li aria-hidden className="text-subtle">
                  <ChevronRight className="size-3.5" />
                </li>
              )}
              <li
                aria-current={last ? 'page' : undefined}
                className={last ? 'truncate font-medium text-fg' : 'truncate text-muted [&_a:hover]:text-fg'}
              >
                {item.content}
              </li>
            </Fragment>
          )
        })}
      </ol>
    </nav>
  )
}
