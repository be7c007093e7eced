'use client'

import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

import { cn } from '../lib/cn.ts'

export type TabItem = { value: string; label: ReactNode; content: ReactNode }
export type TabsProps = {
  value: string
  onValueChange: (value: string) => void
  items: readonly TabItem[]
  /** Accessible name of the tab list. */
  label: string
  className?: string | undefined
  panelClassName?: string | undefined
}

/** Several views of one thing; only the selected one is mounted. */
export function Tabs({ value, onValueChange, items, label, className, panelClassName }: TabsProps) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next: string) => onValueChange(next)}
      className={cn('flex min-h-0 flex-col', className)}
    >
      <Base.List aria-label={label} className="relative flex shrink-0 gap-1 overflow-x-auto border-b px-4">
        {items.map((item) => (
          <Base.Tab
            key={item.value}
            value={item.value}
            className="flex h-9 items-center border-b-2 border-transparent px-2 text-sm whitespace-nowrap text-muted outline-none select-none hover:text-fg focus-visible:-outline-offset-2 focus-visible:outline-2 focus-visible:outline-ring data-active:border-accent-solid data-active:font-medium data-active:text-fg"
          >
            {item.label}
          </Base.Tab>
        ))}
      </Base.List>
      {items.map((item) => (
        <Base.Panel
          key={item.value}
          value={item.value}
          className={cn(
            'min-h-0 flex-1 outline-none focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-ring',
            panelClassName,
          )}
        >
          {item.content}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
