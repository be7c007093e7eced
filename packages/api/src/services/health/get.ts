import { SPACE_RESERVE } from '@mairust/db'
import { z } from 'zod'
import { verb } from '../../verb/index.ts'
import { nothing } from '../../wire/index.ts'
import { checkHealth, HEALTH_STATUSES } from './check.ts'

/** How the server is, for administrators. */
export const serverHealthSchema = z.object({
  status: z.enum(HEALTH_STATUSES),
  checks: z.object({
    database: z.enum(['ok', 'unavailable']),
    storage: z.enum(['ok', 'unavailable']),
    /** `full`: all mail is answered 452 until there is room. */
    disk: z.enum(['ok', 'full']),
  }),
  /** Bytes left on the volumes of mail and database, the smaller figure; null when the system cannot tell. */
  free_bytes: z.number().nullable(),
  /** With no more bytes left than these the disk counts as full. */
  reserve_bytes: z.number(),
})
export type ServerHealthWire = z.output<typeof serverHealthSchema>

/**
 * How the server is, with the room that is left for mail.
 * @throws AppError FORBIDDEN
 */
export const getServerHealth = verb({
  permission: 'setting:read',
  input: nothing,
  output: serverHealthSchema,
  run: async (ctx) => {
    const [health, freeBytes] = await Promise.all([checkHealth(ctx), ctx.freeBytes()])
    return { ...health, free_bytes: freeBytes, reserve_bytes: SPACE_RESERVE }
  },
})
