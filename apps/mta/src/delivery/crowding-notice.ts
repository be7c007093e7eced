import type { Log } from '@mairust/log'
import type { Crowding } from './slots.ts'

/** Between two lines about the same user or organisation. */
const TELL_MS = 600_000

/** Logs of whom so much mail waits for slow servers that the rest of it has to wait, now and then. `now`: milliseconds. */
export function createCrowdingNotice(log: Pick<Log, 'warn'>, now: () => number): (crowding: Crowding) => void {
  const told = new Map<string, number>()
  const isNew = (id: string): boolean => {
    if (now() - (told.get(id) ?? -Infinity) < TELL_MS) return false
    told.set(id, now())
    return true
  }
  return ({ userIds, tenantIds }) => {
    for (const [id, at] of told) if (now() - at >= TELL_MS) told.delete(id)
    for (const userId of userIds.filter(isNew)) {
      log.warn({ user_id: userId }, 'Servers keep so much mail of a user waiting that the rest of it waits for others')
    }
    for (const tenantId of tenantIds.filter(isNew)) {
      log.warn(
        { tenant_id: tenantId },
        'Servers keep so much mail of an organisation waiting that the rest of it waits for others',
      )
    }
  }
}
