import { pruneLoginFailures } from '@mairust/db/queries/login-failure'
import { pruneSessions } from '@mairust/db/queries/session'
import { LOOK_BACK_MS } from '../../auth/lock-out.ts'
import { SESSION_IDLE_MS } from '../../auth/session.ts'
import type { Runtime } from '../../context.ts'

/** Removes sessions that have ended and wrong passwords that count no more, of all tenants. Returns how many. */
export const pruneSignIn = async ({ db, now }: Pick<Runtime, 'db' | 'now'>): Promise<number> => {
  const at = now().getTime()
  const sessions = await pruneSessions(db, { now: new Date(at), idleSince: new Date(at - SESSION_IDLE_MS) })
  return sessions + (await pruneLoginFailures(db, new Date(at - LOOK_BACK_MS)))
}
