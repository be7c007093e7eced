'use client'

import { buttonClass } from '@mairust/ui'
import { ArrowLeft } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import { Brand } from '#features/brand.tsx'

/** The frame of the pages other than the mail: brand and a link to the mail above, one column below. */
export function PageFrame({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  const t = useTranslations('page')
  return (
    <div className="flex min-h-dvh flex-col bg-canvas">
      <header className="flex h-14 shrink-0 items-center gap-4 px-5">
        <Brand />
        <a href="/mail" className={buttonClass({ variant: 'ghost', size: 'sm' })}>
          <ArrowLeft aria-hidden className="size-4" />
          {t('back')}
        </a>
      </header>
      <main id="main" className="mx-auto w-full max-w-4xl flex-1 px-5 pt-4 pb-12">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        <p className="mt-1 mb-6 text-sm text-muted">{hint}</p>
        {children}
      </main>
    </div>
  )
}
