import { SPACE_RESERVE } from '@mairust/db'
import { z } from 'zod'
import { verb } from '../../verb/index.ts'
import { nothing, word } from '../../wire/index.ts'
import { checkHealth, HEALTH_STATUSES } from './check.ts'

/** Whether the server works; needs no login. */
export const healthSchema = z.object({
  status: word(
    z.enum(HEALTH_STATUSES),
    'Overall state: `degraded` when the server works but refuses all mail because the disk is full.',
    'ok',
  ),
  checks: word(
    z.object({
      database: word(z.enum(['ok', 'unavailable']), 'Whether the database responds.', 'ok'),
      storage: word(z.enum(['ok', 'unavailable']), 'Whether the message store responds.', 'ok'),
      disk: word(
        z.enum(['ok', 'full']),
        'Whether there is room for mail: when `full`, all mail is refused with 452.',
        'ok',
      ),
    }),
    'Each part, and whether it responds.',
  ),
})

/** The health of the server, for administrators. */
export const serverHealthSchema = z.object({
  ...healthSchema.shape,
  free_bytes: word(
    z.number().nullable(),
    'Free bytes on the volume of the mail or of the database, whichever has less; null when unknown.',
    52_428_800_000,
  ),
  reserve_bytes: word(z.number(), 'The disk counts as full when no more than this many bytes are free.', 67_108_864),
})
export type ServerHealthWire = z.output<typeof serverHealthSchema>

/**
 * The health of the server, with the space left for mail.
 * @throws AppError FORBIDDEN
 */
export const getServerHealth = verb({
  permission: 'setting:read',
  input: nothing,
  output: serverHealthSchema,
  run: async (ctx) => {
    const free = ctx.freeBytes()
    const health = await checkHealth(ctx, free)
    return { ...health, free_bytes: await free, reserve_bytes: SPACE_RESERVE }
  },
})
