'use client'

import { cn } from '../lib/cn.ts'
import { Button, type ButtonProps } from './button.tsx'
import { Tooltip, type TooltipProps } from './tooltip.tsx'

export type IconButtonProps = Omit<ButtonProps, 'children' | 'aria-label'> & {
  /** What it does: the accessible name and the tooltip. */
  label: string
  keys?: readonly string[] | undefined
  side?: TooltipProps['side']
  /** Pressed state of a toggle; leave out for ordinary buttons. */
  pressed?: boolean | undefined
}

/** A square button that shows only an icon. */
export function IconButton({
  label,
  keys,
  side,
  pressed,
  variant = 'ghost',
  size,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip label={label} keys={keys} side={side}>
      <Button
        {...rest}
        variant={variant}
        size={size}
        aria-label={label}
        aria-pressed={pressed}
        className={cn('aspect-square px-0', className)}
      />
    </Tooltip>
  )
}
