import { Check } from 'lucide-react'
import type { ReactNode } from 'react'

import { cn } from '../lib/cn.ts'

export type Step = { key: string; title: ReactNode; description?: ReactNode }
export type StepperProps = {
  steps: readonly Step[]
  /** Index of the current step; `steps.length` when all are done. */
  current: number
  label: string
  /** Texts for assistive technology, such as "done" and "to do". */
  stateLabels: { done: string; current: string; upcoming: string }
  className?: string | undefined
}

/** The progress of a wizard: what is done and what is next. A row of dots on narrow screens. */
export function Stepper({ steps, current, label, stateLabels, className }: StepperProps) {
  return (
    <ol aria-label={label} className={cn('flex gap-3 md:flex-col md:gap-0', className)}>
      {steps.map((step, index) => {
        const state = index < current ? 'done' : index === current ? 'current' : 'upcoming'
        return (
          <li
            key={step.key}
            aria-current={state === 'current' ? 'step' : undefined}
            className="group relative flex items-center md:items-start md:gap-3 md:pb-6"
          >
            <span
              aria-hidden
              className={cn(
                'z-1 flex size-6 shrink-0 items-center justify-center rounded-full border text-xs font-semibold',
                state === 'done' && 'border-accent-solid bg-accent-solid text-on-accent',
                state === 'current' && 'border-accent-solid bg-surface text-accent',
                state === 'upcoming' && 'border-line-strong bg-surface text-subtle',
              )}
            >
              {state === 'done' ? <Check className="size-3.5" strokeWidth={3} /> : index + 1}
            </span>
            <span
              aria-hidden
              className={cn(
                'absolute top-6 bottom-0 left-3 hidden w-px group-last:hidden md:block',
                state === 'done' ? 'bg-accent-solid' : 'bg-line-strong',
              )}
            />
            <span className={cn('min-w-0 md:pt-0.5', state === 'current' && 'max-md:mx-1')}>
              <span
                className={cn(
                  'block text-sm',
                  state !== 'current' && 'max-md:sr-only',
                  state === 'upcoming' ? 'text-muted' : 'font-medium text-fg',
                )}
              >
                {step.title}
                <span className="sr-only"> {stateLabels[state]}</span>
              </span>
              {step.description === undefined ? null : (
                <span className="hidden text-xs text-muted md:block">{step.description}</span>
              )}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
