'use client'

import { Button, ErrorState } from '@mairust/ui'
import { RotateCw, Unplug } from 'lucide-react'
import { useTranslations } from 'next-intl'

/** Shown when rendering a page fails. The digest identifies the error in the server's log. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations('failure')
  return (
    <main id="main" className="flex min-h-dvh items-center">
      <ErrorState
        icon={<Unplug aria-hidden />}
        title={t('INTERNAL_ERROR.title')}
        heading="h1"
        description={t('INTERNAL_ERROR.help')}
        requestId={error.digest}
        requestIdLabel={t('requestId')}
        actions={
          <Button icon={<RotateCw />} onClick={reset}>
            {t('retry')}
          </Button>
        }
      />
    </main>
  )
}
