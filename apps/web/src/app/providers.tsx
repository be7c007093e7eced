'use client'

import { Toaster, TooltipProvider } from '@mairust/ui'
import { useTranslations } from 'next-intl'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'

import { DataProvider } from '#trpc/client.tsx'

/** What every page needs: the API, state in the URL, tooltips and notices. */
export function Providers({ children }: { children: ReactNode }) {
  const t = useTranslations('app')
  return (
    <NuqsAdapter>
      <DataProvider>
        <TooltipProvider>{children}</TooltipProvider>
        <Toaster label={t('notices')} closeLabel={t('close')} />
      </DataProvider>
    </NuqsAdapter>
  )
}
