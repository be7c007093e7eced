import { EmptyState, buttonClass } from '@mairust/ui'
import { Compass } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'

export default function NotFoundPage() {
  const t = useTranslations('notFound')
  return (
    <main id="main" className="flex min-h-dvh items-center">
      <EmptyState
        icon={<Compass aria-hidden />}
        title={t('title')}
        heading="h1"
        description={t('help')}
        actions={
          <Link href="/" className={buttonClass()}>
            {t('home')}
          </Link>
        }
      />
    </main>
  )
}
