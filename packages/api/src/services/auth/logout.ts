import { tenantTopic } from '@mairust/db'
import { deleteSessionRow } from '@mairust/db/queries/session'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'

/** Ends the session of the request. With an API key there is none, and nothing happens. */
export const logout = async ({ ctx }: { ctx: ServiceContext }): Promise<void> => {
  const { sessionId, userId } = ctx.actor
  if (sessionId === null || userId === null) return
  await ctx.db.transaction(async (tx) => {
    if (!(await deleteSessionRow(tx, scopeOf(ctx), userId, sessionId))) return
    await writeAudit(tx, ctx, { action: 'auth.logout', targetType: 'user', targetId: userId })
    await ctx.changes.publish(tx, tenantTopic('logins', ctx.actor.tenantId))
  })
}
