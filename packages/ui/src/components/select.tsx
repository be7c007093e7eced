'use client'

import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'

import { cn } from '../lib/cn.ts'
import { inputClass } from './input.tsx'

export type SelectOption = { value: string; label: string; icon?: ReactNode; hint?: ReactNode }
export type SelectProps = {
  value: string
  onValueChange: (value: string) => void
  options: readonly SelectOption[]
  /** Accessible name, if it is not in a `Field`. */
  label?: string | undefined
  placeholder?: string | undefined
  disabled?: boolean | undefined
  className?: string | undefined
}

/** Chooses one of a short list of options. */
export function Select({ value, onValueChange, options, label, placeholder, disabled, className }: SelectProps) {
  return (
    <Base.Root
      items={options.map(({ value: key, label: text }) => ({ value: key, label: text }))}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onValueChange(next)
      }}
      {...(disabled === undefined ? {} : { disabled })}
    >
      <Base.Trigger
        aria-label={label}
        className={cn(inputClass, 'flex h-8 items-center justify-between gap-2 text-left', className)}
      >
        <Base.Value placeholder={placeholder} className="truncate data-placeholder:text-subtle" />
        <Base.Icon>
          <ChevronsUpDown aria-hidden className="size-3.5 text-subtle" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className="overlay overlay-motion max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto p-1 outline-none">
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                className="grid min-h-8 cursor-default grid-cols-[1fr_1rem] items-center gap-3 rounded-sm px-2 text-sm outline-none select-none data-highlighted:bg-pressed"
              >
                <span className="flex min-w-0 items-center gap-2">
                  {option.icon}
                  <Base.ItemText className="truncate">{option.label}</Base.ItemText>
                  {option.hint === undefined ? null : <span className="text-xs text-subtle">{option.hint}</span>}
                </span>
                <Base.ItemIndicator>
                  <Check aria-hidden className="size-3.5 text-accent" />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
