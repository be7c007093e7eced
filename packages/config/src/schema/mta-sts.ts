import { z } from 'zod'

export const mtaSts = z.strictObject({
  mode: z
    .enum(['enforce', 'testing', 'none'])
    .default('testing')
    .describe(
      'What the MTA-STS policies of our domains ask of servers that send to them, where a domain does not say: `enforce` TLS with a valid certificate, `testing` to report failures only, `none` nothing.',
    ),
})
