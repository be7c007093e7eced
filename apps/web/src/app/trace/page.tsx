import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'

import { TracePage } from '#features/trace/trace-page.tsx'
import { signedInUser } from '#server/session.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('trace')
  return { title: t('title') }
}

type TraceRouteProps = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function TraceRoute({ searchParams }: TraceRouteProps) {
  const user = await signedInUser()
  if (user === null) {
    const search = Object.entries(await searchParams).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    )
    redirect(`/login?next=${encodeURIComponent(`/trace?${new URLSearchParams(search).toString()}`)}`)
  }
  return <TracePage user={user} />
}
