'use client'

import { StatusChip, type Tone } from '@mairust/ui'
import { useTranslations } from 'next-intl'

import type { MessageDetail } from '#lib/types.ts'

const CHECKS = ['spf', 'dkim', 'dmarc', 'arc'] as const
const KNOWN_RESULTS = ['pass', 'fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror', 'policy'] as const

function toneOf(result: string): Tone {
  if (result === 'pass') return 'success'
  if (result === 'fail') return 'danger'
  if (result === 'none' || result === '') return 'neutral'
  return 'warning'
}

/** The results of SPF, DKIM, DMARC and ARC, with what each one means. */
export function AuthenticationTab({ message }: { message: MessageDetail }) {
  const t = useTranslations('reader.authentication')
  return (
    <ul className="flex flex-col px-4 py-2 md:px-6">
      {CHECKS.map((check) => {
        const result = message.authentication[check]
        const word = KNOWN_RESULTS.find((known) => known === result)
        return (
          <li key={check} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b py-3 last:border-b-0">
            <span className="w-16 font-mono text-sm font-medium uppercase">{check}</span>
            <span className="w-40">
              <StatusChip tone={toneOf(result)}>{word === undefined ? result : t(`results.${word}`)}</StatusChip>
            </span>
            <span className="min-w-0 flex-1 basis-64 text-sm text-muted">{t(`about.${check}`)}</span>
          </li>
        )
      })}
    </ul>
  )
}
