'use client'

import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check, Minus } from 'lucide-react'

import { cn } from '../lib/cn.ts'

export type CheckboxProps = {
  checked: boolean
  /** Some but not all of the items that it stands for are selected. */
  indeterminate?: boolean | undefined
  onCheckedChange: (checked: boolean, event: Event) => void
  /** Accessible name, if no visible label is associated with it. */
  label?: string | undefined
  id?: string | undefined
  'aria-describedby'?: string | undefined
  disabled?: boolean | undefined
  tabIndex?: number | undefined
  className?: string | undefined
}

/** A checkbox. */
export function Checkbox({
  checked,
  indeterminate = false,
  onCheckedChange,
  label,
  className,
  ...rest
}: CheckboxProps) {
  return (
    <Base.Root
      {...rest}
      checked={checked}
      indeterminate={indeterminate}
      onCheckedChange={(next, details) => onCheckedChange(next, details.event)}
      aria-label={label}
      className={cn(
        'flex size-4 shrink-0 items-center justify-center rounded-sm border border-control-line bg-surface text-on-accent transition-colors duration-100 focus-visible:outline-2 focus-visible:outline-offset-1 focus-visible:outline-ring data-checked:border-accent-solid data-checked:bg-accent-solid data-disabled:opacity-50 data-indeterminate:border-accent-solid data-indeterminate:bg-accent-solid',
        className,
      )}
    >
      <Base.Indicator className="flex">
        {indeterminate ? (
          <Minus aria-hidden className="size-3" strokeWidth={3} />
        ) : (
          <Check aria-hidden className="size-3" strokeWidth={3} />
        )}
      </Base.Indicator>
    </Base.Root>
  )
}
