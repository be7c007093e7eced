import { pruneIdempotencyKeys } from '@mairust/db/queries/idempotency'
import { pruneLoginFailures } from '@mairust/db/queries/login-failure'
import { pruneSessions } from '@mairust/db/queries/session'
import { LOOK_BACK_MS } from '../../auth/lock-out.ts'
import { SESSION_IDLE_MS } from '../../auth/session.ts'
import type { Runtime } from '../../context.ts'
import { job } from '../../verb/index.ts'

/**
 * Removes, in all tenants, ended sessions, expired Idempotency-Keys, and login failures that no longer count towards a lock-out.
 * Returns how many.
 */
export const pruneSignIn = job({
  audit: { none: 'everything it removes had already ended' },
  run: async ({ db, now }: Pick<Runtime, 'db' | 'now'>): Promise<number> => {
    const at = now().getTime()
    const sessions = await pruneSessions(db, { now: new Date(at), idleSince: new Date(at - SESSION_IDLE_MS) })
    const keys = await pruneIdempotencyKeys(db, new Date(at))
    return sessions + keys + (await pruneLoginFailures(db, new Date(at - LOOK_BACK_MS)))
  },
})
