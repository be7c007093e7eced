import { z } from 'zod'
import { count, duration, port } from './kit.ts'

const WEEK_MINUTES = 10_080

export const queue = z.strictObject({
  retry_minutes: z
    .array(z.number().positive().max(WEEK_MINUTES))
    .min(1)
    .default([1, 5, 15, 30, 60, 120, 240])
    .describe('Minutes to wait after each failed attempt; the last repeats. Fractions are allowed.'),
  lifetime_hours: duration(120, 720, 'Hours after which an undelivered message is returned. Fractions are allowed.'),
  delay_notice_hours: duration(4, 720, 'Hours after which the sender is notified of a delay. Fractions are allowed.'),
  concurrency: count(
    20,
    1,
    10_000,
    'Attempts of a machine at once. Those that have lasted over a second do not count; at most 1000 run in all, or this many if it is more.',
  ),
  concurrency_per_destination: count(
    4,
    1,
    10_000,
    'Most connections of a machine to one destination. It begins with 2.',
  ),
  port: port(25, 'Port of other mail servers.'),
})
