'use client'

import { cn, Isolate } from '@mairust/ui'
import { useLocale, useTranslations } from 'next-intl'

import type { JourneyStep } from '#lib/types.ts'

const DOTS: Record<string, string> = {
  ok: 'bg-success',
  refused: 'bg-danger',
  failed: 'bg-danger',
  deferred: 'bg-warning',
}

/** What happened to a message, step by step. */
export function TraceSteps({ steps }: { steps: readonly JourneyStep[] }) {
  return (
    <ol className="flex flex-col">
      {steps.map((step, index) => (
        <TraceStep key={index} step={step} />
      ))}
    </ol>
  )
}

function TraceStep({ step }: { step: JourneyStep }) {
  const t = useTranslations('reader.trace')
  const locale = useLocale()
  const kind = `kinds.${step.kind}` as const
  const result = `results.${step.result}` as const
  return (
    <li className="group relative flex gap-3 pb-4 last:pb-0">
      <span
        aria-hidden
        className={cn('relative z-1 mt-1.5 size-2 shrink-0 rounded-full', DOTS[step.result] ?? 'bg-subtle')}
      />
      <span aria-hidden className="absolute top-2 -bottom-1.5 left-[3.5px] w-px bg-line-strong group-last:hidden" />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-sm font-medium">{t.has(kind) ? t(kind) : step.kind}</span>
          <span className="text-sm text-muted">{t.has(result) ? t(result) : step.result}</span>
          <span className="ml-auto text-xs text-subtle">
            <time dateTime={step.at}>{new Date(step.at).toLocaleTimeString(locale, { hour12: false })}</time> ·{' '}
            {t('after', { ms: step.ms })}
          </span>
        </div>
        <p className="mt-0.5 font-mono text-xs break-words text-muted">
          {[...new Set([step.name, step.detail])]
            .filter((text) => text !== '')
            .map((text) => (
              <Isolate key={text} className="mr-4 last:mr-0">
                {text}
              </Isolate>
            ))}
        </p>
      </div>
    </li>
  )
}
