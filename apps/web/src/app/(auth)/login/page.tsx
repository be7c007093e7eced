import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'

import { AuthFrame } from '#features/auth/auth-frame.tsx'
import { LoginForm } from '#features/auth/login-form.tsx'
import { safeNextPath } from '#features/auth/next-path.ts'
import { needsSetup, signedInUser } from '#server/session.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth')
  return { title: t('signIn') }
}

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { next } = await searchParams
  const target = safeNextPath(typeof next === 'string' ? next : undefined)
  if ((await signedInUser()) !== null) redirect(target)
  if (await needsSetup()) redirect('/setup')
  return (
    <AuthFrame>
      <LoginForm next={target} />
    </AuthFrame>
  )
}
