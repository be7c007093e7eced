'use client'

import { Banner } from '@mairust/ui'
import { useQuery } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'

import { fileSize } from '#lib/format.ts'
import { useTRPC } from '#trpc/client.tsx'

/** Tells administrators that the server refuses all mail because its disk is full. */
export function FullDiskNotice() {
  const t = useTranslations('trace')
  const locale = useLocale()
  const trpc = useTRPC()
  const { data } = useQuery(trpc.health.get.queryOptions({}, { refetchInterval: 30_000 }))
  const health = data?.data
  return (
    <div role="alert" className="empty:hidden">
      {health?.checks.disk === 'full' ? (
        <Banner tone="danger" icon={<CircleAlert aria-hidden />} className="mb-6 rounded-md px-3 py-2">
          {t('diskFull', {
            free: fileSize(health.free_bytes ?? 0, locale),
            reserve: fileSize(health.reserve_bytes, locale),
          })}
        </Banner>
      ) : null}
    </div>
  )
}
