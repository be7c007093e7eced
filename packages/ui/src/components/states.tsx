import type { ReactNode } from 'react'

import { cn } from '../lib/cn.ts'

/** A placeholder in the shape of the coming content. Hidden from assistive technology: the container says that it is busy. */
export function Skeleton({ className }: { className?: string | undefined }) {
  return <div aria-hidden className={cn('animate-shimmer rounded-sm bg-pressed', className)} />
}

type StateProps = {
  icon?: ReactNode
  title: ReactNode
  /** `h1` if it is the whole page. */
  heading?: 'h1' | 'h2' | undefined
  description?: ReactNode
  /** Buttons for what to do next. */
  actions?: ReactNode
  className?: string | undefined
}

/** Says that there is nothing here, why, and what to do. */
export function EmptyState({ icon, title, heading: Heading = 'h2', description, actions, className }: StateProps) {
  return (
    <div className={cn('mx-auto flex max-w-sm flex-col items-center gap-2 px-6 py-12 text-center', className)}>
      {icon === undefined ? null : (
        <div className="mb-2 flex size-11 items-center justify-center rounded-lg border bg-surface text-subtle [&_svg]:size-5">
          {icon}
        </div>
      )}
      <Heading className="text-base font-semibold">{title}</Heading>
      {description === undefined ? null : <p className="text-sm text-balance text-muted">{description}</p>}
      {actions === undefined ? null : <div className="mt-3 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  )
}

/** Says what went wrong, why, what to do, and under which request id the log has it. */
export function ErrorState({
  requestId,
  requestIdLabel,
  ...rest
}: StateProps & { requestId?: string | undefined; requestIdLabel: string }) {
  return (
    <div role="alert">
      <EmptyState {...rest} />
      {requestId === undefined ? null : (
        <p className="-mt-8 px-6 text-center text-xs text-subtle">
          {requestIdLabel} <code className="font-mono">{requestId}</code>
        </p>
      )}
    </div>
  )
}

/** A line across the top of a view: offline, blocked images, a partial result. */
export function Banner({
  tone = 'neutral',
  icon,
  children,
  actions,
  className,
}: {
  tone?: 'neutral' | 'warning' | 'danger' | 'info' | undefined
  icon?: ReactNode
  children: ReactNode
  actions?: ReactNode
  className?: string | undefined
}) {
  const tones = {
    neutral: 'bg-sunken text-muted',
    warning: 'bg-warning-soft text-warning',
    danger: 'bg-danger-soft text-danger',
    info: 'bg-info-soft text-info',
  }
  return (
    <div
      className={cn(
        'flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 text-sm [&>svg]:size-4 [&>svg]:shrink-0',
        tones[tone],
        className,
      )}
    >
      {icon}
      <p className="min-w-0 flex-1">{children}</p>
      {actions}
    </div>
  )
}
