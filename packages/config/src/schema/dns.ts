import { z } from 'zod'
import { count } from './kit.ts'
import { isDnsServer } from './network.ts'

export const dns = z.strictObject({
  servers: z
    .array(
      z.string().refine(isDnsServer, { error: 'must be an IP address, with a port if it is not 53: 127.0.0.1:5353' }),
    )
    .default([])
    .describe('DNS servers to use; empty: the system’s.'),
  timeout_ms: count(2000, 50, 60_000, 'Milliseconds to wait for a response.'),
})
