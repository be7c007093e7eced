'use client'

import { mergeProps } from '@base-ui/react/merge-props'
import { useRender } from '@base-ui/react/use-render'
import { createContext, useContext, type ReactElement, type ReactNode } from 'react'

import { Isolate, isolated } from '../components/isolate.tsx'
import { Tooltip } from '../components/tooltip.tsx'
import { cn } from '../lib/cn.ts'

/** Whether the sidebar shows icons only. */
export const SidebarCollapsed = createContext(false)

/** A titled group of links in the sidebar. */
export function SidebarGroup({
  title,
  actions,
  children,
}: {
  title?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  const collapsed = useContext(SidebarCollapsed)
  return (
    <section className="flex flex-col gap-0.5 px-2 py-1.5">
      {title === undefined ? null : (
        <h2
          className={cn(
            'flex h-7 items-center justify-between px-2 text-xs font-medium text-subtle',
            collapsed && 'sr-only',
          )}
        >
          <span className="truncate">{title}</span>
          {actions}
        </h2>
      )}
      {children}
    </section>
  )
}

export type NavItemProps = {
  /** The router's link element, without children. */
  render: ReactElement
  icon: ReactNode
  label: string
  /** A count or a marker at the end. */
  badge?: ReactNode
  active?: boolean | undefined
  keys?: readonly string[] | undefined
}

/** One link in the sidebar. */
export function NavItem({ render, icon, label, badge, active = false, keys }: NavItemProps) {
  const collapsed = useContext(SidebarCollapsed)
  const link = useRender({
    defaultTagName: 'a',
    render,
    props: mergeProps<'a'>(
      {
        className: cn(
          'flex h-8 items-center gap-2.5 rounded-md px-2 text-sm text-muted no-underline transition-colors duration-100 hover:bg-hover hover:text-fg [&>svg]:size-4 [&>svg]:shrink-0',
          active && 'bg-pressed font-medium text-fg [&>svg]:text-accent',
          collapsed && 'justify-center px-0',
        ),
        'aria-current': active ? 'page' : undefined,
        'aria-label': collapsed ? isolated(label) : undefined,
        children: (
          <>
            {icon}
            {collapsed ? null : (
              <>
                <Isolate truncate className="flex-1">
                  {label}
                </Isolate>
                {badge}
              </>
            )}
          </>
        ),
      },
      {},
    ),
  })
  return collapsed ? (
    <Tooltip label={label} side="right" keys={keys}>
      {link}
    </Tooltip>
  ) : (
    link
  )
}
