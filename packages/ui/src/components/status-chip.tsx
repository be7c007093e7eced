import { CircleAlert, CircleCheck, CircleDashed, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

import { cn } from '../lib/cn.ts'

export type Tone = 'neutral' | 'success' | 'warning' | 'danger' | 'info' | 'accent'

const TONE: Record<Tone, string> = {
  neutral: 'bg-hover text-muted',
  success: 'bg-success-soft text-success',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
  info: 'bg-info-soft text-info',
  accent: 'bg-accent-soft text-accent',
}

/** The icon of a state, so that colour alone never conveys it. */
export function ToneIcon({ tone, className }: { tone: Tone; className?: string | undefined }) {
  const style = cn('size-3.5 shrink-0', className)
  switch (tone) {
    case 'success':
      return <CircleCheck aria-hidden className={style} />
    case 'warning':
      return <TriangleAlert aria-hidden className={style} />
    case 'danger':
      return <CircleAlert aria-hidden className={style} />
    case 'info':
    case 'accent':
      return <Info aria-hidden className={style} />
    case 'neutral':
      return <CircleDashed aria-hidden className={style} />
  }
}

/** A state as an icon and a word. */
export function StatusChip({
  tone,
  icon,
  children,
  className,
}: {
  tone: Tone
  icon?: ReactNode
  children: ReactNode
  className?: string | undefined
}) {
  return (
    <span
      className={cn(
        'inline-flex h-5 items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap',
        TONE[tone],
        className,
      )}
    >
      {icon ?? <ToneIcon tone={tone} />}
      {children}
    </span>
  )
}

/** A small label: a tag, a count, a kind. Its text is isolated, as by `Isolate`. */
export function Badge({
  color,
  children,
  className,
}: {
  color?: string | undefined
  children: ReactNode
  className?: string | undefined
}) {
  return (
    <span
      className={cn(
        'inline-flex h-5 max-w-40 items-center gap-1.5 rounded-sm border bg-surface px-1.5 text-xs text-muted',
        className,
      )}
    >
      {color === undefined ? null : (
        <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ backgroundColor: color }} />
      )}
      <bdi className="truncate">{children}</bdi>
    </span>
  )
}
