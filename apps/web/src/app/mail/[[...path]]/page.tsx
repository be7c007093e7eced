import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'

import { placePath } from '#features/mail/location.ts'
import { MailApp } from '#features/mail/mail-app.tsx'
import { COOKIE, DENSITIES, oneOf } from '#lib/preferences.ts'
import { signedInUser } from '#server/session.ts'
import { serverClient } from '#trpc/server.ts'

const LIST_WIDTH = 420

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('mail')
  return { title: t('title') }
}

type MailPageProps = {
  params: Promise<{ path?: string[] }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** Every page below /mail. The browser decides what to show; this only checks who is signed in. */
export default async function MailPage({ params, searchParams }: MailPageProps) {
  const { path = [] } = await params
  const [user, jar] = await Promise.all([signedInUser(), cookies()])
  if (user === null) redirect(`/login?next=${encodeURIComponent(addressOf(path, await searchParams))}`)
  const client = await serverClient()
  const { data: mailboxes } = await client.mailboxes.list.query({ limit: 100 })
  const own =
    mailboxes.find(({ address }) => address === user.email) ??
    mailboxes.find(({ user_id: owner }) => owner === user.id) ??
    mailboxes[0]
  const fallback = { mailbox: own?.address ?? user.email, folder: 'inbox' }
  if (path.length < 2 && own !== undefined)
    redirect(
      placePath({ ...fallback, mailbox: path[0] === undefined ? fallback.mailbox : decodeURIComponent(path[0]) }),
    )
  return (
    <MailApp
      user={user}
      mailboxes={mailboxes}
      fallback={fallback}
      preferences={{
        collapsed: jar.get(COOKIE.sidebar)?.value === 'collapsed',
        density: oneOf(DENSITIES, jar.get(COOKIE.density)?.value),
        listWidth: Number(jar.get(COOKIE.listWidth)?.value ?? LIST_WIDTH) || LIST_WIDTH,
        shortcuts: jar.get(COOKIE.shortcuts)?.value !== 'off',
      }}
    />
  )
}

/** The requested path, to return to after signing in. */
function addressOf(path: readonly string[], search: Record<string, string | string[] | undefined>): string {
  const query = new URLSearchParams(
    Object.entries(search).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  )
  const text = query.toString()
  return `/${['mail', ...path].join('/')}${text === '' ? '' : `?${text}`}`
}
