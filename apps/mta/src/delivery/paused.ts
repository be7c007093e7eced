import type { DeliveryPause } from '@mairust/db/queries/delivery-pause'
import type { Paused } from './lane-tools.ts'

/** What the pauses stop. */
export function pausedBy(pauses: readonly DeliveryPause[]): Paused {
  if (pauses.some(({ scope }) => scope === 'all')) return 'all'
  const of = (wanted: DeliveryPause['scope']) => pauses.filter(({ scope }) => scope === wanted)
  return {
    mail: {
      tenantIds: of('tenant').map(({ value }) => value),
      senders: of('sender').map(({ tenantId, value }) => ({ tenantId, sender: value })),
      userIds: [],
    },
    sites: new Set(of('site').map(({ value }) => value)),
  }
}
