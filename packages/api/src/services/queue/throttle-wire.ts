import type { StoredSite } from '@mairust/db/queries/delivery-site'
import { currentThrottles } from '@mairust/mail-core/outbound'
import { wireTime } from '../../wire/index.ts'
import type { ThrottleWire } from './control-schemas.ts'

/** Servers like to repeat the recipient, who may be of another organisation. */
const nameless = (reply: string): string => reply.replace(/[^\s<>"'(),;:@]{1,64}@/g, '…@')

/** What holds up mail to a site at a time, in the order of `throttleKey`. */
export const throttlesOf = ({ key: site, domain, state }: StoredSite, now: Date): ThrottleWire[] => {
  const at = (time: number): string => wireTime(new Date(time))
  const throttles = currentThrottles(state, now.getTime()).map(
    ({ scope, cause, rule, reply, since, until, limits }): ThrottleWire => ({
      site,
      domain,
      source: scope.source,
      cause,
      rule,
      reply: nameless(reply),
      since: at(since),
      until: at(until),
      limits: { concurrency: limits.concurrency, per_minute: limits.perMinute },
    }),
  )
  const { dead } = state
  const whole: ThrottleWire[] =
    dead === null
      ? []
      : [
          {
            site,
            domain,
            source: null,
            cause: 'dead',
            rule: null,
            reply: nameless(dead.reply),
            since: at(dead.since),
            until: at(dead.until),
            limits: { concurrency: 0, per_minute: 0 },
          },
        ]
  return [...throttles, ...whole].sort((a, b) => (throttleKey(a) < throttleKey(b) ? -1 : 1))
}

/** Tells the throttles of a site apart. */
export const throttleKey = ({ cause, source }: Pick<ThrottleWire, 'cause' | 'source'>): string =>
  `${cause} ${source ?? ''}`
