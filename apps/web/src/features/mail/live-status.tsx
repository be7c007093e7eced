'use client'

import { StatusChip, Tooltip } from '@mairust/ui'
import { WifiOff } from 'lucide-react'
import { useTranslations } from 'next-intl'

import type { LiveState } from './data/use-live-mail.ts'

/** Shows whether new mail appears automatically: a dot if it does, text if it does not. */
export function LiveStatus({ state }: { state: LiveState }) {
  const t = useTranslations('mail.live')
  return (
    <span role="status" className="flex items-center">
      {state === 'live' ? (
        <Tooltip label={t('live')}>
          <span className="flex size-6 items-center justify-center">
            <span aria-hidden className="size-2 rounded-full bg-success" />
            <span className="sr-only">{t('live')}</span>
          </span>
        </Tooltip>
      ) : (
        <StatusChip tone="warning" icon={<WifiOff aria-hidden className="size-3.5" />}>
          {t(state)}
        </StatusChip>
      )}
    </span>
  )
}
