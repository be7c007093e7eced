import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'

import { AccountPage } from '#features/account/account-page.tsx'
import { signedInUser } from '#server/session.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('account')
  return { title: t('title') }
}

export default async function AccountRoute() {
  const user = await signedInUser()
  if (user === null) redirect('/login?next=/account')
  return <AccountPage user={user} />
}
