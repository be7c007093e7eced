'use client'

import { Switch as Base } from '@base-ui/react/switch'

import { cn } from '../lib/cn.ts'

export type SwitchProps = {
  checked: boolean
  onCheckedChange: (checked: boolean) => void
  label?: string | undefined
  id?: string | undefined
  disabled?: boolean | undefined
  className?: string | undefined
}

/** Turns a setting on or off immediately, without a save button. */
export function Switch({ label, className, onCheckedChange, ...rest }: SwitchProps) {
  return (
    <Base.Root
      {...rest}
      onCheckedChange={(next) => onCheckedChange(next)}
      aria-label={label}
      className={cn(
        'inline-flex h-5 w-8 shrink-0 items-center rounded-full border border-control-line bg-control-line p-px transition-colors duration-150 focus-visible:outline-2 focus-visible:outline-offset-1 focus-visible:outline-ring data-checked:border-accent-solid data-checked:bg-accent-solid data-disabled:opacity-50',
        className,
      )}
    >
      <Base.Thumb className="size-4 rounded-full bg-on-accent transition-transform duration-150 data-checked:translate-x-3" />
    </Base.Root>
  )
}
