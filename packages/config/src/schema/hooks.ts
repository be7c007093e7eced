import { z } from 'zod'
import { isHostPort } from './network.ts'

export const hooks = z.strictObject({
  allowed_hosts: z
    .array(z.string().refine(isHostPort, { error: 'must be host:port such as 10.0.0.5:8000' }))
    .default([])
    .describe('`host:port` pairs on private networks that hooks may reach.'),
})
