import { z } from 'zod'
import { count } from './kit.ts'
import { reloadable } from './marks.ts'

const days = (fallback: number, description: string) => reloadable(count(fallback, 0, 36_500, description))

export const retention = z.strictObject({
  deleted_messages_days: days(30, 'Days a deleted message stays in the trash before it is removed for good.'),
  journey_days: days(30, 'Days the journeys of messages, and ended deliveries with their attempts, are kept.'),
})

export const audit = z.strictObject({ retention_days: days(180, 'Days the audit log is kept.') })
