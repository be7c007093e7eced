import { deleteSessionRow } from '@mairust/db/queries/session'
import { z } from 'zod'
import { scopeOf } from '../../context.ts'
import { recorded, unchanged, verb } from '../../verb/index.ts'
import { nothing, word } from '../../wire/index.ts'

const SIGNED_OUT = { signed_out: true } as const

/** Ends the session of the request. A request with an API key has none, so nothing happens. */
export const logout = verb({
  permission: 'signed-in',
  input: nothing,
  output: z.object({ signed_out: word(z.literal(true), 'Always true.', true) }),
  audit: { action: 'auth.logout', target: 'user' },
  notify: ['logins'],
  run: async (ctx, _nothing, commit) => {
    const { sessionId, userId } = ctx.actor
    if (sessionId === null || userId === null) return SIGNED_OUT
    return commit(async (tx) =>
      (await deleteSessionRow(tx, scopeOf(ctx), userId, sessionId))
        ? recorded(SIGNED_OUT, { targetId: userId })
        : unchanged(SIGNED_OUT),
    )
  },
})
