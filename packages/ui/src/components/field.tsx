'use client'

import { Field as Base } from '@base-ui/react/field'
import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

import { cn } from '../lib/cn.ts'

export type FieldProps = {
  label: ReactNode
  hint?: ReactNode
  /** What is wrong and how to correct it; marks the control as invalid. */
  error?: ReactNode
  name?: string | undefined
  className?: string | undefined
  children: ReactNode
}

/** Label, control, hint and error, associated for assistive technology. */
export function Field({ label, hint, error, name, className, children }: FieldProps) {
  const invalid = error !== undefined && error !== null && error !== '' && error !== false
  return (
    <Base.Root
      {...(name === undefined ? {} : { name })}
      invalid={invalid}
      className={cn('flex flex-col gap-1.5', className)}
    >
      <Base.Label className="text-sm font-medium text-fg">{label}</Base.Label>
      {children}
      {invalid ? (
        <Base.Error match className="flex items-start gap-1.5 text-xs text-danger">
          <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          <span>{error}</span>
        </Base.Error>
      ) : null}
      {hint === undefined || invalid ? null : (
        <Base.Description className="text-xs text-muted">{hint}</Base.Description>
      )}
    </Base.Root>
  )
}
