import { redirect } from 'next/navigation'

import { needsSetup, signedInUser } from '#server/session.ts'

/** Redirects to the mail, the set-up wizard or the login page. */
export default async function RootPage(): Promise<never> {
  if ((await signedInUser()) !== null) redirect('/mail')
  redirect((await needsSetup()) ? '/setup' : '/login')
}
