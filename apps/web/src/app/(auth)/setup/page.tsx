import { EmptyState } from '@mairust/ui'
import { KeyRound } from 'lucide-react'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'

import { AuthFrame } from '#features/auth/auth-frame.tsx'
import { SetupWizard } from '#features/setup/setup-wizard.tsx'
import { needsSetup } from '#server/session.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('setup')
  return { title: t('title') }
}

/** Shown only while there is no administrator, and only for the link that the server printed when it started. */
export default async function SetupPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  if (!(await needsSetup())) redirect('/')
  const { token } = await searchParams
  if (typeof token === 'string' && token !== '') return <SetupWizard token={token} />
  const t = await getTranslations('setup')
  return (
    <AuthFrame>
      <EmptyState
        icon={<KeyRound aria-hidden />}
        title={t('noToken.title')}
        heading="h1"
        description={t('noToken.help')}
        actions={
          <code className="rounded-md border bg-sunken px-3 py-2 font-mono text-xs">setup http://…/setup?token=…</code>
        }
        className="py-4"
      />
    </AuthFrame>
  )
}
