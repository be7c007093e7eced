'use client'

import { Field as Base } from '@base-ui/react/field'
import type { ComponentProps, ReactNode } from 'react'

import { cn } from '../lib/cn.ts'

/** The classes shared by all text controls. */
export const inputClass =
  'w-full rounded-md border border-control-line bg-surface px-2.5 text-sm text-fg transition-colors duration-100 hover:border-muted focus:border-ring focus:outline-2 focus:-outline-offset-1 focus:outline-ring disabled:opacity-60 data-invalid:border-danger coarse:text-lg'

export type InputProps = ComponentProps<'input'> & {
  /** Shown in the box before the text, for example an icon. */
  before?: ReactNode
  /** Shown in the box after the text, for example a domain or a button. */
  after?: ReactNode
}

/** A one-line text box. A surrounding `Field` labels it, describes it and marks it as invalid. */
export function Input({ className, before, after, ref, ...rest }: InputProps) {
  const control = <Base.Control ref={ref} {...rest} className={cn(inputClass, 'h-8', className)} />
  if (before === undefined && after === undefined) return control
  return (
    <div
      className={cn(
        inputClass,
        'flex h-8 items-center gap-2 has-[input:focus-visible]:border-ring has-[input:focus-visible]:outline-2 has-[input:focus-visible]:-outline-offset-1 has-[input:focus-visible]:outline-ring has-[[data-invalid]]:border-danger',
        className,
      )}
    >
      {before}
      <Base.Control
        ref={ref}
        {...rest}
        className="min-w-0 flex-1 bg-transparent text-sm outline-none focus-visible:outline-none coarse:text-lg"
      />
      {after}
    </div>
  )
}

/** A multi-line text box. */
export function Textarea({ className, rows = 4, ...rest }: ComponentProps<'textarea'>) {
  return (
    <Base.Control
      render={
        <textarea rows={rows} {...rest} className={cn(inputClass, 'resize-y py-1.5 leading-relaxed', className)} />
      }
    />
  )
}
