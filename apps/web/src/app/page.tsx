import { redirect } from 'next/navigation'

import { needsSetup, signedInUser } from '#server/session.ts'

/** The front door: to the first-run wizard, to the login, or to the mail. */
export default async function RootPage(): Promise<never> {
  if ((await signedInUser()) !== null) redirect('/mail')
  redirect((await needsSetup()) ? '/setup' : '/login')
}
