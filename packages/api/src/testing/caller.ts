import type { Caller } from '../http/caller.ts'

/** A caller by tenant, user and session, in one text: `acme ann phone`. */
export const called = (text: string): Caller => {
  const [tenant = '', user = ''] = text.split(' ')
  return { tenant, user: `${tenant} ${user}`, session: text }
}
