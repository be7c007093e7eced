'use client'

import { Button as BaseButton } from '@base-ui/react/button'
import type { VariantProps } from 'class-variance-authority'
import type { ComponentProps, ReactElement, ReactNode } from 'react'

import { buttonClass } from '../lib/button-class.ts'
import { cn } from '../lib/cn.ts'
import { Spinner } from './spinner.tsx'

export type ButtonProps = Omit<ComponentProps<'button'>, 'ref'> &
  VariantProps<typeof buttonClass> & {
    /** Shows a spinner in place of the icon and ignores clicks while work is in progress. */
    busy?: boolean | undefined
    icon?: ReactNode
    /** Renders another element instead of a button, for example a link. */
    render?: ReactElement | undefined
    ref?: React.Ref<HTMLButtonElement> | undefined
  }

/** A button with a verb on it. One `primary` per view; `danger` only for what cannot be undone. */
export function Button({
  variant,
  size,
  block,
  busy,
  icon,
  render,
  className,
  children,
  disabled,
  type,
  ...rest
}: ButtonProps) {
  return (
    <BaseButton
      {...rest}
      {...(render ? { render, nativeButton: false } : { type: type ?? 'button' })}
      disabled={disabled === true || busy === true}
      focusableWhenDisabled={busy === true}
      aria-busy={busy === true ? true : undefined}
      className={cn(buttonClass({ variant, size, block }), className)}
    >
      {busy === true ? <Spinner /> : icon}
      {children}
    </BaseButton>
  )
}
