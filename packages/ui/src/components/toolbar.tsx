import { X } from 'lucide-react'
import type { ReactNode } from 'react'

import { cn } from '../lib/cn.ts'
import { IconButton } from './icon-button.tsx'

/** The actions of a view, in a row. */
export function Toolbar({
  label,
  children,
  className,
}: {
  label: string
  children: ReactNode
  className?: string | undefined
}) {
  return (
    <div role="toolbar" aria-label={label} className={cn('flex min-w-0 items-center gap-1', className)}>
      {children}
    </div>
  )
}

export type BulkBarProps = {
  label: string
  /** How many rows are selected, as text. */
  countText: ReactNode
  clearLabel: string
  onClear: () => void
  children: ReactNode
  className?: string | undefined
}

/** Replaces the toolbar while rows are selected: their number, actions for them, and a button that clears the selection. */
export function BulkBar({ label, countText, clearLabel, onClear, children, className }: BulkBarProps) {
  return (
    <div role="toolbar" aria-label={label} className={cn('flex min-w-0 items-center gap-1 bg-accent-soft', className)}>
      <IconButton size="sm" label={clearLabel} keys={['Esc']} icon={<X />} onClick={onClear} />
      <span aria-live="polite" className="mr-auto truncate pl-1 text-sm font-medium text-accent">
        {countText}
      </span>
      {children}
    </div>
  )
}
